package rvpe

import (
	"context"
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/cli"
)

// exitFailure is the exit code for all errors.
const exitFailure = 1

// Run is the main function if the process was started by the name of a program of this package:
// args[0] is that name. It answers the exit code, and whether there is such a program.
func Run(ctx context.Context, args []string, io cli.Stdio) (code int, ok bool) {
	p, ok := named(args[0])
	if !ok {
		return 0, false
	}
	return p.start(&session{ctx: ctx, io: io, name: p.name}, args[1:]), true
}

func (p program) start(s *session, args []string) int {
	rest, err := parse(s, p.options, args)
	switch {
	case err != nil:
	case s.help:
		s.print(p.help())
	default:
		err = p.dispatch(s, rest)
	}
	return s.end(err)
}

// end prints an error and answers the exit code.
func (s *session) end(err error) int {
	switch {
	case err == nil:
		return 0
	case isMisuse(err):
		fmt.Fprintf(s.io.Err, "%v\n\nRun '%s help' to see the usage.\n", err, s.name)
	default:
		fmt.Fprintln(s.io.Err, err)
	}
	return exitFailure
}

// failf is an error in RENKEI-VPE's format.
func failf(format string, args ...any) error { return fmt.Errorf("Error: "+format, args...) }
