package remote

import (
	"fmt"
	"strings"
)

// ExitError is a command that ran and failed.
type ExitError struct {
	Host   string // "this machine" or "host NAME"
	Args   []string
	Status int    // -1 when a signal ended it
	Stderr string // the end of what it complained
	remote bool
}

// sshFailed is the status with which ssh says that it could not connect.
const sshFailed = 255

// Unreachable tells whether it was ssh that failed, and the command may never
// have run. pkg/engine does an effect again whose error says so.
func (e *ExitError) Unreachable() bool { return e.remote && e.Status == sshFailed }

func (e *ExitError) Error() string {
	if e.Unreachable() {
		return fmt.Sprintf("%s cannot be reached over ssh: %s", e.Host, e.complaint())
	}
	return fmt.Sprintf("%s on %s: %s", e.command(), e.Host, e.complaint())
}

// command names what ran: the program and its verb, not every argument.
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

// tail keeps the last max bytes written to it: where a program's message is.
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
