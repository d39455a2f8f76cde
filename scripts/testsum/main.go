// Command testsum runs go test with its arguments and tells at the end how many
// tests passed, failed and were skipped, naming each that failed and each that
// was skipped with its reason: nothing is left out silently.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout)) }

// run answers go test's own exit status.
func run(args []string, out io.Writer) int {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var s summary
	s.read(pipe, out)
	err = cmd.Wait()
	s.tell(out)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return exit.ExitCode()
	case err != nil || s.failed > 0:
		return 1
	}
	return 0
}

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Output string
	ImportPath                    string
}

// summary is what the events say in all.
type summary struct {
	passed, failed, skipped int
	failures, skips         []string
	output                  map[string][]string // of tests and packages that have not ended
}

func (s *summary) read(r io.Reader, out io.Writer) {
	s.output = map[string][]string{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text())
			continue
		}
		s.add(e, out)
	}
}

func (s *summary) add(e event, out io.Writer) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		if e.Action == "build-output" {
			fmt.Fprint(out, e.Output)
		}
		s.output[key] = append(s.output[key], e.Output)
		return
	case "pass":
		s.count(e, &s.passed)
	case "fail":
		s.count(e, &s.failed)
		s.failures = append(s.failures, strings.TrimSpace(key))
		fmt.Fprint(out, strings.Join(s.output[key], ""))
	case "skip":
		s.count(e, &s.skipped)
		if e.Test != "" {
			s.skips = append(s.skips, key+": "+reason(s.output[key]))
		}
	}
	if e.Test == "" && e.Action == "pass" {
		fmt.Fprint(out, lastLine(s.output[key]))
	}
	if e.Action == "pass" || e.Action == "fail" || e.Action == "skip" {
		delete(s.output, key)
	}
}

// count counts tests, not packages.
func (s *summary) count(e event, n *int) {
	if e.Test != "" {
		*n++
	}
}

// reason is what a skipped test said.
func reason(output []string) string {
	for _, line := range slices.Backward(output) {
		text := strings.TrimSpace(line)
		if text != "" && !strings.HasPrefix(text, "---") && !strings.HasPrefix(text, "===") {
			return text
		}
	}
	return "no reason given"
}

func lastLine(output []string) string {
	if len(output) == 0 {
		return ""
	}
	return output[len(output)-1]
}

func (s *summary) tell(out io.Writer) {
	section(out, "Could not run:", s.skips)
	section(out, "Failed:", s.failures)
	fmt.Fprintf(out, "\n%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped)
}

func section(out io.Writer, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s\n", title)
	for _, line := range lines {
		fmt.Fprintln(out, "  "+line)
	}
}
