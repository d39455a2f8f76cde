package replay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/xsd"
)

// ErrDiffers is the command's error if answers differ that are not in the allow-list.
var ErrDiffers = errors.New("answers differ from the recording")

// flags are the unparsed options.
type flags struct {
	options           Options
	only, mask        string
	set               []string
	allowFile, schema string
	recordFile        string
	json              bool
}

// Command is "renkei replay FILE --endpoint URL".
func Command() *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "replay FILE --endpoint URL",
		Short: "Play a recorded scenario and compare the answers",
		Long: `Play a recorded scenario (JSON lines) against an XML-RPC endpoint and report, by
method, how its answers compare with the recorded ones:

  equal       the same, but for times, tokens, hashes and the like
  order       the same elements and values in other order
  body        other elements or values
  error text  the same refusal in other words
  error code  other error code, or refused where the recording succeeded
  status      other HTTP status
  wait unmet  the object did not reach the recorded state in time
  broken      no answer, or none that can be read
  withheld    nothing is recorded: the answer is well-formed

The scenario must start against an empty daemon. The exit code is 0 when all
differences are in the allow-list.`,
		Example: `  renkei replay one-7.jsonl --set DUMMY_ACTIONS=/tmp/actions
  renkei replay one-7.jsonl --only 'one\.vm\.' --show 604
  renkei replay one-7.jsonl --allow known.txt --json >report.json
  renkei replay questions.jsonl --endpoint http://oned:2633/RPC2 --record answers.jsonl`,
		Args:          cobra.ExactArgs(1),
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	f.register(cmd)
	return cmd
}

func (f *flags) register(cmd *cobra.Command) {
	fs, o := cmd.Flags(), &f.options
	fs.StringVar(&o.Endpoint, "endpoint", "http://127.0.0.1:2633/RPC2", "where to send the calls")
	fs.StringVar(&f.only, "only", "", "report only steps whose name or method matches this `REGEX`; all are played")
	fs.IntVar(&o.From, "from", 0, "play from step `N`; the daemon must be as the steps before left it")
	fs.IntVar(&o.To, "to", 0, "play up to step `N`")
	fs.IntSliceVar(&o.Show, "show", nil, "show step `N` as a unified diff; may be repeated")
	fs.StringVar(&f.allowFile, "allow", "", "`FILE` of known differences: a step's number or name and the reason on each line")
	fs.StringArrayVar(&f.set, "set", nil, "`NAME=VALUE` of a placeholder @NAME@; DUMMY_ACTIONS is the folder that makes dummy drivers fail")
	fs.StringVar(&f.recordFile, "record", "", "write the scenario to `FILE` with what the endpoint answered, to play against another one")
	fs.StringVar(&f.mask, "mask", "", "do not compare the content of elements whose name matches this `REGEX`")
	fs.StringVar(&f.schema, "xsd", "", "validate the documents of all answers with the schemas in `DIR`")
	fs.StringVar(&o.Session, "session", DefaultSession, "who polls in waits")
	fs.DurationVar(&o.WaitTimeout, "wait-timeout", DefaultWaitTimeout, "how long an object may take to reach a recorded state")
	fs.DurationVar(&o.Settle, "settle", 0, "how long what a call looks at may take to become as recorded, where the recording has no waits")
	fs.DurationVar(&o.PollEvery, "poll-every", DefaultPollEvery, "pause between two polls of a wait")
	fs.DurationVar(&o.CallTimeout, "call-timeout", DefaultCallTimeout, "how long an answer may take")
	fs.BoolVar(&f.json, "json", false, "print the report as JSON")
}

func (f *flags) run(cmd *cobra.Command, name string) error {
	if err := f.understand(); err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("opening the scenario: %w", err)
	}
	defer file.Close()
	f.options.Scenario = Open(file)
	report, err := f.play(cmd.Context())
	if err != nil {
		return err
	}
	if err := f.print(cmd.OutOrStdout(), report); err != nil {
		return err
	}
	if n := report.Differences(); n > 0 {
		return fmt.Errorf("%w: %d steps", ErrDiffers, n)
	}
	return nil
}

// play plays the scenario, and records the answers if wanted.
func (f *flags) play(ctx context.Context) (Report, error) {
	if f.recordFile == "" {
		return Run(ctx, f.options)
	}
	to, err := os.Create(f.recordFile)
	if err != nil {
		return Report{}, fmt.Errorf("making the recording: %w", err)
	}
	f.options.Record = to
	report, err := Run(ctx, f.options)
	return report, errors.Join(err, to.Close())
}

// understand parses the options.
func (f *flags) understand() (err error) {
	o := &f.options
	if o.Only, err = pattern("only", f.only); err != nil {
		return err
	}
	if o.Mask, err = pattern("mask", f.mask); err != nil {
		return err
	}
	if o.Set, err = settings(f.set); err != nil {
		return err
	}
	if f.schema != "" {
		if o.Schemas, err = xsd.Load(f.schema); err != nil {
			return err
		}
	}
	if f.allowFile == "" {
		return nil
	}
	file, err := os.Open(f.allowFile)
	if err != nil {
		return fmt.Errorf("opening the allow-list: %w", err)
	}
	defer file.Close()
	o.Allow, err = ReadAllow(file)
	return err
}

func pattern(flag, text string) (*regexp.Regexp, error) {
	if text == "" {
		return nil, nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("--%s %q: %w", flag, text, err)
	}
	return re, nil
}

func settings(list []string) (map[string]string, error) {
	set := map[string]string{}
	for _, s := range list {
		name, value, found := strings.Cut(s, "=")
		if !found || !placeholder.MatchString("@"+name+"@") {
			return nil, fmt.Errorf("--set %q: write NAME=VALUE, with NAME as in @NAME@", s)
		}
		set[name] = value
	}
	return set, nil
}

func (f *flags) print(w io.Writer, report Report) error {
	if !f.json {
		return report.WriteText(w)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(report)
}
