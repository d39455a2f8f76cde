// Command testsum runs go test with its arguments and prints at the end how many tests passed,
// failed and were skipped, with the names of failed tests and the reasons for skipping: nothing
// is omitted silently. A test that cannot run calls t.Skip with the reason.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run answers the exit code of go test.
func run(args []string, out, errs io.Writer) int {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = errs
	events, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(errs, "testsum:", err)
		return 1
	}
	s := newSummary()
	err = errors.Join(s.read(events, out), cmd.Wait())
	s.tell(out)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1)
	}
	if err != nil {
		fmt.Fprintln(errs, "testsum:", err)
		return 1
	}
	return 0
}
