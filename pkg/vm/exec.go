package vm

import (
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// execution is the attribute of the last command that was executed in the guest: COMMAND, STDIN
// and STATUS, later PID, RETURN_CODE, STDOUT and STDERR.
const execution = "QEMU_GA_EXEC"

// Values of STATUS.
const (
	executing     = "EXECUTING"
	execDone      = "DONE"
	execFailed    = "ERROR"
	execCancelled = "CANCELLED"
)

// maxOutput limits STDOUT and STDERR (in base64), as they are part of each answer that contains
// the VM.
const maxOutput = 64 << 10

// Exec serves one.vm.exec. It starts a command in the guest; monitoring reports its result later.
func Exec(tx *store.Tx, s Settings, c *one.Caller, id int, command, stdin string) error {
	return exec(tx, s, c, id, lifecycle.Exec, func(attr.Attr) (string, string) { return command, stdin })
}

// RetryExec serves one.vm.retryexec: it executes the last command again.
func RetryExec(tx *store.Tx, s Settings, c *one.Caller, id int) error {
	return exec(tx, s, c, id, lifecycle.ExecRetry, func(last attr.Attr) (string, string) {
		return last.Get("COMMAND"), last.Get("STDIN")
	})
}

func exec(tx *store.Tx, s Settings, c *one.Caller, id int, ev lifecycle.Event, what func(last attr.Attr) (string, string)) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	switch {
	case v.LCM != one.LCMRunning:
		return one.Errorf(one.CodeAction, "Could not execute command, VM must be in running")
	case v.ExecStatus() == executing:
		return one.Errorf(one.CodeAction, "Could not execute command, a command is already being executed")
	}
	var last attr.Attr
	if e := v.Template.Vector(execution); e != nil {
		last = e.Clone()
	}
	command, stdin := what(last)
	v.Template.SetVector(execution, attr.Pair{Key: "COMMAND", Value: command}, attr.Pair{Key: "STDIN", Value: stdin})
	return Fire(tx, s, v, ev, Cause{By: c, As: one.ActionExec}) // oned records exec for a retry, too
}

// CancelExec serves one.vm.cancelexec.
func CancelExec(tx *store.Tx, s Settings, c *one.Caller, id int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	switch {
	case v.LCM != one.LCMRunning:
		return one.Errorf(one.CodeAction, "Could not cancel command, VM must be in running")
	case v.ExecStatus() != executing:
		return one.Errorf(one.CodeAction, "Could not cancel command, there is no command being executed")
	}
	return Fire(tx, s, v, lifecycle.ExecCancel, Cause{By: c})
}

// ExecStatus is the STATUS of the last command in the guest.
func (v *VM) ExecStatus() string {
	if e := v.Template.Vector(execution); e != nil {
		return e.Get("STATUS")
	}
	return ""
}

// Executing returns the PID of the command that is being executed in the guest.
func (v *VM) Executing() (number int, ok bool) {
	if v.ExecStatus() != executing {
		return 0, false
	}
	return v.Template.Vector(execution).Int("PID")
}

// Command returns the command to execute, and its standard input in base64.
func (v *VM) Command() (command, stdin string) {
	if e := v.Template.Vector(execution); e != nil {
		return e.Get("COMMAND"), e.Get("STDIN")
	}
	return "", ""
}

// setExec sets attributes of the last command.
func setExec(v *VM, pairs ...attr.Pair) {
	e := v.Template.Vector(execution)
	if e == nil {
		return
	}
	for _, p := range pairs {
		e.Set(p.Key, p.Value)
	}
}

func setExecStatus(v *VM, status string) { setExec(v, attr.Pair{Key: "STATUS", Value: status}) }

// Executed stores the result of a command. It ignores a command that has been cancelled in the
// meantime.
func Executed(tx *store.Tx, id, number int, r drivers.CommandResult) {
	v, ok := Kind.Table.Edit(tx, store.ID(id))
	if !ok {
		return
	}
	if now, going := v.Executing(); !going || now != number {
		return
	}
	setExec(v,
		attr.Pair{Key: "STATUS", Value: execDone},
		attr.Pair{Key: "RETURN_CODE", Value: strconv.Itoa(r.ExitCode)},
		attr.Pair{Key: "STDOUT", Value: firstOf(r.Stdout)}, attr.Pair{Key: "STDERR", Value: firstOf(r.Stderr)})
	Kind.Put(tx, v)
}

// firstOf truncates an output. maxOutput is a multiple of 4, so that the rest is still valid
// base64.
func firstOf(output string) string { return output[:min(len(output), maxOutput)] }
