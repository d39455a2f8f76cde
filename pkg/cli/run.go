package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// exitFailure is the exit code of OpenNebula's commands for all errors.
const exitFailure = 255

// Exit is an error whose message has been printed, with the exit code.
func Exit(status int) error { return exitStatus(status) }

// exitStatus is an exit code whose message has been printed.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Run is the main function if the process was started by the name of one of OpenNebula's
// commands, such as onevm: args[0] is that name. It answers the exit code, and whether there is
// such a command.
func Run(ctx context.Context, args []string, io Stdio) (code int, ok bool) {
	command, ok := forName(args[0], io)
	if !ok {
		return 0, false
	}
	return Execute(ctx, command, args[1:], io), true
}

// Execute runs a command tree with the nouns, and answers the exit code: 0 for success, 255 for
// an error, or the exit code of a program that was run for the user (ssh).
func Execute(ctx context.Context, root *cobra.Command, args []string, io Stdio) int {
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetIn(io.In)
	root.SetOut(io.Out)
	root.SetErr(io.Err)
	root.SetArgs(abbreviations(root, args))
	return exitCode(root.ExecuteContext(ctx), io)
}

func exitCode(err error, io Stdio) int {
	var status exitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	case errors.Is(err, context.Canceled):
		return exitFailure
	}
	fmt.Fprintln(io.Err, err)
	return exitFailure
}

// sayf is an error with OpenNebula's own text, with its capitals and full stops: scripts match
// these.
func sayf(format string, args ...any) error { return fmt.Errorf(format, args...) }
