package vm

import (
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// noteAction writes ACTION and the caller into the open history record, for events that close it.
// As in oned it does not do so for others, such as a reboot or snapshot, nor when a VM in
// POWEROFF or SUSPENDED resumes: its record says why it is off.
func noteAction(v *VM, from lifecycle.Status, ev lifecycle.Event, step lifecycle.Step, why Cause) {
	rec, action := v.Last(), recordedAction(from, ev)
	if why.As != one.ActionNone {
		action = why.As
	}
	if rec == nil || action == one.ActionNone || rec.ETime != 0 && !endsVM(ev) || !endsRecord(from, step) || isOff(from) && leavesOff(ev) {
		return
	}
	if isColdMigration(ev) && from.LCM == one.LCMUnknown {
		action = one.ActionMigrate
	}
	rec.note(action, why.By)
}

// recordedAction is the ACTION that a record shows for an event. Recover keeps the action that
// failed, and booting an unknown VM records none. Terminating a VM that is not running is never
// "hard", and terminating a failed one is "delete".
func recordedAction(from lifecycle.Status, ev lifecycle.Event) one.HistoryAction {
	active := from.State == one.VMActive
	switch ev {
	case lifecycle.RecoverSuccess, lifecycle.RecoverFailure, lifecycle.RecoverRetry, lifecycle.RecoverDeleteDB:
		return one.ActionNone
	case lifecycle.Resume:
		if from.LCM == one.LCMUnknown {
			return one.ActionNone
		}
	case lifecycle.RecoverDelete:
		if !active {
			return one.ActionNone
		}
	case lifecycle.RecoverRecreate:
		if from.State == one.VMPending {
			return one.ActionNone
		}
	case lifecycle.Terminate, lifecycle.TerminateHard:
		switch {
		case from.State == one.VMPending, from.State == one.VMHold:
			return one.ActionNone
		case !active:
			return one.ActionTerminate
		case from.LCM != one.LCMRunning && from.LCM != one.LCMUnknown && from.LCM != one.LCMShutdown:
			return one.ActionDelete
		}
	case lifecycle.UndeployHard:
		if !active {
			return one.ActionUndeploy
		}
	}
	return ev.Action()
}

// endsVM tells whether an event ends the VM, so that its action is written even to a record that
// is closed.
func endsVM(ev lifecycle.Event) bool {
	switch ev {
	case lifecycle.Terminate, lifecycle.TerminateHard, lifecycle.RecoverDelete, lifecycle.RecoverRecreate:
		return true
	}
	return false
}

// noteBegin writes ACTION into the record that an event opens, as oned does when a VM migrates,
// or resumes after POWEROFF or SUSPENDED.
func noteBegin(v *VM, from lifecycle.Status, ev lifecycle.Event, why Cause) {
	rec := v.Last()
	switch {
	case isColdMigration(ev) && from.LCM == one.LCMRunning:
		rec.note(ev.Action(), why.By)
	case isColdMigration(ev):
		rec.note(one.ActionMigrate, why.By)
	case isOff(from) && ev == lifecycle.Resume:
		rec.note(one.ActionResume, why.By)
	case isOff(from) && ev == lifecycle.SeenRunning:
		rec.note(one.ActionNone, nil)
	}
}

// isOff tells whether a VM is off but still on a host.
func isOff(s lifecycle.Status) bool {
	return s.State == one.VMPoweroff || s.State == one.VMSuspended
}

// isColdMigration tells whether an event is a cold migration. oned writes its action also into the
// record that it opens.
func isColdMigration(ev lifecycle.Event) bool {
	return ev == lifecycle.Migrate || ev == lifecycle.MigratePoweroff || ev == lifecycle.MigratePoweroffHard
}

func leavesOff(ev lifecycle.Event) bool {
	return isColdMigration(ev) || ev == lifecycle.Resume || ev == lifecycle.SeenRunning
}

// note sets ACTION and the caller of a record.
func (h *History) note(action one.HistoryAction, by *one.Caller) {
	h.Action, h.UID, h.GID, h.ReqID = action, -1, -1, -1
	if by != nil {
		h.UID, h.GID, h.ReqID = by.UID, by.GID, int64(by.ReqID)
	}
}

// endsRecord tells whether a step closes the record, now or when its effect has ended.
func endsRecord(from lifecycle.Status, step lifecycle.Step) bool {
	if step.Marks.Has(lifecycle.RenewRecord) {
		return true
	}
	return step.To != from && step.To.Change() == lifecycle.DoNone
}
