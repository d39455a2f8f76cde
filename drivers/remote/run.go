package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
)

// Cmd is a command to run on a host.
type Cmd struct {
	Args   []string
	Stdin  io.Reader // nil: empty
	Stdout io.Writer // nil: Run answers the output
	Stderr io.Writer // nil: only its end is kept, for the error
}

// Run runs c on h and answers its output. When ctx ends, the command and its children are
// killed, on remote hosts, too. A command that ran and failed gives an *ExitError.
func (r *Runner) Run(ctx context.Context, h drivers.Host, c Cmd) ([]byte, error) {
	if len(c.Args) == 0 {
		return nil, errors.New("no command to run")
	}
	argv, err := r.argv(h, c)
	if err != nil {
		return nil, err
	}
	return r.start(ctx, h, c, argv)
}

// Command runs args on h and answers the output.
func (r *Runner) Command(ctx context.Context, h drivers.Host, args ...string) ([]byte, error) {
	return r.Run(ctx, h, Cmd{Args: args})
}

// Script runs a shell script with args as $1, $2 … It stops at the first failure. Users' texts
// belong in args, never in script.
func (r *Runner) Script(ctx context.Context, h drivers.Host, script string, args ...string) ([]byte, error) {
	return r.Run(ctx, h, Cmd{Args: append([]string{"sh", "-euc", script, "sh"}, args...)})
}

func (r *Runner) argv(h drivers.Host, c Cmd) ([]string, error) {
	if h.Local {
		return c.Args, nil
	}
	args := c.Args
	if c.Stdin == nil {
		args = append([]string{"sh", "-c", watchdog, "sh"}, args...)
	}
	// mkfs is in root's PATH only; output must not be translated.
	return r.overSSH(h, `env LC_ALL=C "PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin" `+Quote(args...))
}

// watchdog runs "$@" on a remote host until its standard input, our end of the connection, is
// closed. sshd would leave the command running when the connection is lost, so that a repeated
// call would run beside it.
const watchdog = `exec 3<&0
setsid "$@" </dev/null 3<&- & p=$!
(read -r x <&3; kill -TERM "-$p"; sleep 2; kill -KILL "-$p") >/dev/null 2>&1 & w=$!
exec 3<&-
wait "$p"; s=$?
kill "$w" 2>/dev/null
exit "$s"`

func (r *Runner) start(ctx context.Context, h drivers.Host, c Cmd, argv []string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	// Killed with the server, so that no command runs on beside that of a restarted server
	// which repeats the work.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second

	out, problem := &limited{max: r.maxOutput}, &tail{max: 4096}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.Stdin, c.Stdout, problem
	if c.Stdout == nil {
		cmd.Stdout = out
	}
	if c.Stderr != nil {
		cmd.Stderr = io.MultiWriter(problem, c.Stderr)
	}
	if c.Stdin == nil && !h.Local {
		leash, err := hold(cmd)
		if err != nil {
			return nil, err
		}
		defer leash.Close()
	}
	err := cmd.Run()
	return out.kept, explain(ctx, h, c.Args, err, problem, out)
}

// hold gives cmd a standard input that stays open until the result is closed.
func hold(cmd *exec.Cmd) (io.Closer, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdin = read
	return both{read, write}, nil
}

type both [2]*os.File

func (b both) Close() error { return errors.Join(b[0].Close(), b[1].Close()) }

func explain(ctx context.Context, h drivers.Host, args []string, err error, stderr *tail, out *limited) error {
	if out.over {
		return fmt.Errorf("%s on %s answered more than %d bytes", args[0], where(h), out.max)
	}
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s on %s: %w", args[0], where(h), context.Cause(ctx))
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return &ExitError{Host: where(h), Args: args, Status: exit.ExitCode(), Stderr: stderr.text(), remote: !h.Local}
	}
	return fmt.Errorf("running %s on %s: %w", args[0], where(h), err)
}

func where(h drivers.Host) string {
	if h.Local {
		return "this machine"
	}
	return "host " + h.Name
}

// limited keeps the output of a command, up to max bytes; more is an error.
type limited struct {
	kept []byte
	max  int
	over bool
}

func (l *limited) Write(p []byte) (int, error) {
	if len(l.kept)+len(p) > l.max {
		l.over = true
		return 0, errors.New("too much output")
	}
	l.kept = append(l.kept, p...)
	return len(p), nil
}
