package vm

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// execution returns QEMU_GA_EXEC of a VM.
func (w *world) execution(id int) map[string]string {
	got := map[string]string{}
	if e := w.vm(id).Template.Vector(execution); e != nil {
		for _, p := range e.Vector {
			got[p.Key] = p.Value
		}
	}
	return got
}

func TestExec(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64")
	try := func(rule func(*store.Tx) error) string {
		if err := w.update(rule); err != nil {
			return err.Error()
		}
		return ""
	}
	run := func(tx *store.Tx) error { return Exec(tx, w.s, oneadmin, id, "ls -l", "c3RkaW4=") }
	retry := func(tx *store.Tx) error { return RetryExec(tx, w.s, oneadmin, id) }
	cancel := func(tx *store.Tx) error { return CancelExec(tx, w.s, oneadmin, id) }
	expect := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	expect("cancelling nothing", try(cancel), "Could not cancel command, there is no command being executed")
	expect("running", try(run), "")
	expect("running in HOTPLUG", try(run), "Could not execute command, VM must be in running")
	expect("status", w.vm(id).Status().String(), "HOTPLUG")
	w.settle(id, map[string]string{OutCommand: "77"}, nil)
	expect("running another", try(run), "Could not execute command, a command is already being executed")
	w.must(func(tx *store.Tx) error {
		Executed(tx, id, 76, drivers.CommandResult{ExitCode: 9}) // an earlier command
		Executed(tx, id, 77, drivers.CommandResult{ExitCode: 3, Stdout: "b3V0"})
		Executed(tx, id, 77, drivers.CommandResult{ExitCode: 9}) // a command that has already ended
		return nil
	})
	want := map[string]string{"COMMAND": "ls -l", "STDIN": "c3RkaW4=", "STATUS": "DONE", "PID": "77", "RETURN_CODE": "3", "STDOUT": "b3V0", "STDERR": ""}
	if diff := cmp.Diff(want, w.execution(id)); diff != "" {
		t.Errorf("done (-want +got):\n%s", diff)
	}
	expect("retrying", try(retry), "")
	expect("a retry in the history", w.vm(id).History[len(w.vm(id).History)-2].Action.String(), "exec")
	w.settle(id, nil, errors.New("no agent"))
	want = map[string]string{"COMMAND": "ls -l", "STDIN": "c3RkaW4=", "STATUS": "ERROR"}
	if diff := cmp.Diff(want, w.execution(id)); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
	expect("again", try(retry), "")
	w.settle(id, map[string]string{OutCommand: "78"}, nil)
	expect("cancelling", try(cancel), "")
	w.run(id)
	expect("cancelled", w.execution(id)["STATUS"], "CANCELLED")
	expect("once more", try(retry), "")
	w.settle(id, map[string]string{OutCommand: "79"}, nil)
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, oneadmin, id, "poweroff-hard") })
	w.run(id)
	expect("after the VM was switched off", w.execution(id)["STATUS"], "CANCELLED")
	expect("on a VM that is off", try(retry), "Could not execute command, VM must be in running")
	w.audit()
}
