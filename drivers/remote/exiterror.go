package remote

import (
	"fmt"
	"strings"
)

// ExitError is the error of a command that ran and failed.
type ExitError struct {
	Host   string // "this machine" or "host NAME"
	Args   []string
	Status int    // -1 when a signal ended it
	Stderr string // the end of its standard error
	remote bool
}

// sshFailed is ssh's exit status if it could not connect.
const sshFailed = 255

// Unreachable tells whether ssh failed, so that the command may not have run. pkg/engine
// retries effects with such errors.
func (e *ExitError) Unreachable() bool { return e.remote && e.Status == sshFailed }

func (e *ExitError) Error() string {
	if e.Unreachable() {
		return fmt.Sprintf("%s cannot be reached over ssh: %s", e.Host, e.complaint())
	}
	return fmt.Sprintf("%s on %s: %s", e.command(), e.Host, e.complaint())
}

// command is the program and its subcommand, without further arguments.
func (e *ExitError) command() string {
	name := e.Args[0]
	if name == "sh" {
		return "a script"
	}
	if len(e.Args) > 1 && !strings.ContainsAny(e.Args[1], "/-") {
		name += " " + e.Args[1]
	}
	return name
}

func (e *ExitError) complaint() string {
	if e.Stderr != "" {
		return e.Stderr
	}
	if e.Status < 0 {
		return "killed by a signal"
	}
	return fmt.Sprintf("exit status %d and no message", e.Status)
}

// tail keeps the last max bytes written to it, which have the error message.
type tail struct {
	max  int
	kept []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - t.max; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

func (t *tail) text() string {
	return strings.TrimSpace(strings.ToValidUTF8(string(t.kept), "?"))
}
