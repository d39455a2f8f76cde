package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// verb is a command of a noun.
type verb struct {
	name  string
	short string
	long  string
	args  []arg
	flags func(f *pflag.FlagSet)
	run   func(s *session, in *input) error
}

// command makes the cobra command.
func (v verb) command(n *noun, io Stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:               v.name + usage(v.args),
		Short:             v.short,
		Long:              v.long,
		SilenceErrors:     true,
		SilenceUsage:      true,
		ValidArgsFunction: v.complete(n, io),
	}
	cmd.RunE = func(cmd *cobra.Command, words []string) error {
		if err := v.checkCount(words); err != nil {
			return err
		}
		s, err := newSession(cmd, io)
		if err != nil {
			return err
		}
		defer s.out.Flush()
		in := &input{noun: n, flags: cmd.Flags(), words: words}
		if err := in.resolve(s, v.args); err != nil {
			return err
		}
		if err := v.run(s, in); err != nil {
			return err
		}
		return s.outcome()
	}
	if v.flags != nil {
		v.flags(cmd.Flags())
	}
	return cmd
}

func (v verb) checkCount(words []string) error {
	least := 0
	for _, a := range v.args {
		if !a.optional {
			least++
		}
	}
	if len(words) < least || len(words) > len(v.args) {
		return fmt.Errorf("wrong number of arguments: write %s%s", v.name, usage(v.args))
	}
	return nil
}

// outcome is the result of a command for several objects: failures have been printed, and
// determine the exit code.
func (s *session) outcome() error {
	if s.failed {
		return exitStatus(exitFailure)
	}
	return nil
}

// action is a verb that makes one call for each object.
func action(name, done, short string, ask func(in *input, id int) (request, error), extra ...arg) verb {
	return verb{
		name: name, short: short,
		args: append([]arg{objects}, extra...),
		run: func(s *session, in *input) error {
			return s.each(in, done, func(id int) error {
				_, err := s.ask(in, id, ask)
				return err
			})
		},
	}
}

// callWith is a verb for one object whose further arguments are numbers.
func callWith(name, done, short, method string, args ...arg) verb {
	return action(name, done, short, func(in *input, id int) (request, error) {
		params := []any{id}
		for i := range args {
			params = append(params, in.number(i+1, -1))
		}
		return call(method, params...), nil
	}, args...).single()
}

// with adds options to a verb.
func (v verb) with(flags func(f *pflag.FlagSet)) verb {
	v.flags = flags
	return v
}

// explained adds a longer help text to a verb.
func (v verb) explained(long string) verb {
	v.long = long
	return v
}

// single makes a verb accept exactly one object.
func (v verb) single() verb {
	v.args = append([]arg{object}, v.args[1:]...)
	return v
}

// answering makes a verb of one object print the ID in the answer.
func (v verb) answering(label string, ask func(in *input, id int) (request, error)) verb {
	v = v.single()
	v.run = func(s *session, in *input) error {
		answer, err := s.ask(in, in.id(), ask)
		if err == nil {
			fmt.Fprintf(s.out, "%s: %d\n", label, answer.ID)
		}
		return err
	}
	return v
}

// running gives a verb its own implementation.
func (v verb) running(run func(s *session, in *input) error) verb {
	v.run = run
	return v
}

// blaming adds a prefix about what could not be done to errors. Only some of OpenNebula's verbs
// have one.
func (v verb) blaming(what string) verb {
	run := v.run
	v.run = func(s *session, in *input) error {
		s.blame = what + ": "
		return s.blamed(run(s, in))
	}
	return v
}
