// Package hookrun runs the commands of hooks, here or on the host of the event, and logs their
// outcome.
package hookrun

import (
	"context"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Settings are the limits of hooks, and where their commands are.
type Settings struct {
	Dir       string        // directory of relative COMMANDs
	RemoteDir string        // the same on hosts
	Timeout   time.Duration // of hooks without TIMEOUT; 0 for no limit
	Retention int           // number of logged runs per hook
}

// Command is a command to be run.
type Command struct {
	Args           []string
	Stdin          io.Reader // nil for no input
	Stdout, Stderr io.Writer
}

// Runner implements engine.Runner for hooks.
type Runner struct {
	Store    *store.Store
	Settings Settings
	IsLocal  func(host string) bool
	// Execute runs a command and returns its exit status. An error means that it could not be
	// started, or the host not be reached.
	Execute func(ctx context.Context, h drivers.Host, c Command) (status int, err error)
	Log     zerolog.Logger
}

var _ engine.Runner = (*Runner)(nil)

// failed is the status of a command that was aborted.
const failed = 255

// Run implements engine.Runner. A command that fails is a normal outcome, which is not tried
// again: only a run that the end of the server has interrupted is.
func (r *Runner) Run(ctx context.Context, e *effect.Effect, _ func(engine.Progress)) (engine.Outcome, error) {
	snap := r.Store.Read()
	h, ok := hook.Kind.Table.Get(snap, store.ID(e.Object))
	if !ok {
		return nil, nil // the hook was deleted meanwhile
	}
	run := hook.RunOf(e)
	line := r.line(h, run.Arguments)
	result := r.run(ctx, snap, h, run, line)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return engine.Outcome{
		"command": line, "stdout": result.stdout.text(), "stderr": result.stderr.text(), "code": strconv.Itoa(result.code),
	}, nil
}

// line is the command line for the shell. It contains the hook's own words, written by
// administrators; everything else in it is base64.
func (r *Runner) line(h *hook.Hook, arguments string) string {
	line, dir := h.Command(), r.Settings.Dir
	if h.Remote() {
		dir = r.Settings.RemoteDir
	}
	if !path.IsAbs(line) {
		line = dir + "/" + line
	}
	if !h.Stdin() && arguments != "" {
		line += " " + arguments
	}
	return line
}

// result is the outcome of a command.
type result struct {
	stdout, stderr kept
	code           int
}

func (r *Runner) run(ctx context.Context, snap *store.Snap, h *hook.Hook, run hook.Run, line string) *result {
	res := &result{code: failed}
	where, err := r.where(snap, h, run.Host)
	if err != nil {
		res.stderr.add(err.Error())
		return res
	}
	limit := r.limit(h)
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, errTimeout)
		defer cancel()
	}
	c := Command{Args: []string{"sh", "-c", line}, Stdout: &res.stdout, Stderr: &res.stderr}
	if h.Stdin() {
		c.Stdin = strings.NewReader(run.Arguments)
	}
	status, err := r.Execute(ctx, where, c)
	switch {
	case context.Cause(ctx) == errTimeout:
		res.stderr.add("Timeout executing " + line)
	case err != nil:
		res.stderr.add(err.Error())
	default:
		res.code = status
	}
	return res
}

// errTimeout distinguishes the hook's timeout from the end of the server.
var errTimeout = fmt.Errorf("the hook took longer than it may: %w", context.DeadlineExceeded)

// limit is the timeout of a hook.
func (r *Runner) limit(h *hook.Hook) time.Duration {
	if s := h.Seconds(); s > 0 {
		return time.Duration(s) * time.Second
	}
	return r.Settings.Timeout
}

// where finds the host of a remote hook.
func (r *Runner) where(snap *store.Snap, h *hook.Hook, name string) (drivers.Host, error) {
	if !h.Remote() {
		return drivers.Host{Local: true}, nil
	}
	if name == "" {
		return drivers.Host{}, fmt.Errorf("the hook is to run on a host (REMOTE), and the event names none")
	}
	to := drivers.Host{ID: -1, Name: name, Local: r.IsLocal(name)}
	if known, ok := host.Kind.Named(snap, name, 0); ok {
		to.ID, to.Attrs = known.ID, known.Template
	}
	return to, nil
}

// Settle implements engine.Runner.
func (r *Runner) Settle(tx *store.Tx, e *effect.Effect, out engine.Outcome, err error) error {
	if err != nil { // of this server: the runner panicked
		out = engine.Outcome{"stderr": err.Error(), "code": strconv.Itoa(failed)}
	}
	h, ok := hook.Kind.Table.Get(tx, store.ID(e.Object))
	if !ok || out == nil {
		return nil
	}
	code, _ := strconv.Atoi(out["code"])
	run := hook.RunOf(e)
	record := hook.Record{
		Hook: e.Object, Arguments: run.Arguments, Command: out["command"],
		Stdout: out["stdout"], Stderr: out["stderr"], Code: code, Retry: run.Retry,
	}
	if h.Remote() {
		record.Host = run.Host
	}
	hook.Add(tx, record, r.Settings.Retention)
	return nil
}
