package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// exitFailure is what OpenNebula's commands end with on any error.
const exitFailure = 255

// Exit is an error that ends the program with a status, and whose reason has been printed.
func Exit(status int) error { return exitStatus(status) }

// exitStatus is the status of a program whose reason has been printed.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Run is a whole program when the process was started by the name of one, such as
// onevm: args[0] is that name. It answers the exit code, and whether there is such
// a program.
func Run(ctx context.Context, args []string, io Stdio) (code int, ok bool) {
	command, ok := forName(args[0], io)
	if !ok {
		return 0, false
	}
	return Execute(ctx, command, args[1:], io), true
}

// Execute runs a command tree that holds the nouns, and answers the exit code: 0
// when all was done, 255 on an error, or the status of the program that was run
// in between (ssh).
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

// sayf is an error in OpenNebula's own words, with its capitals and full stops:
// scripts look for them.
func sayf(format string, args ...any) error { return fmt.Errorf(format, args...) }
