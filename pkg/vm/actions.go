package vm

import (
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// noteAction writes into the open record what ends it, and who asked. What
// ends no record is not noted, as in oned: a reboot, say, or a snapshot. What
// brings back a VM that is off leaves its record alone: that says why it was off.
func noteAction(v *VM, from lifecycle.Status, ev lifecycle.Event, step lifecycle.Step, why Cause) {
	rec, action := v.Last(), written(from, ev)
	if why.As != one.ActionNone {
		action = why.As
	}
	if rec == nil || action == one.ActionNone || rec.ETime != 0 && !endsAll(ev) || !endsRecord(from, step) || isOff(from) && leavesOff(ev) {
		return
	}
	if begins(ev) && from.LCM == one.LCMUnknown {
		action = one.ActionMigrate
	}
	rec.note(action, why.By)
}

// written is the action that a record names for an event: none for recovering,
// which leaves there what went wrong, nor for booting what nobody sees, nor for deleting
// what is not on its way.
// Who terminates a VM that does not run is not written down as hard, and who
// terminates one that has failed deletes it.
func written(from lifecycle.Status, ev lifecycle.Event) one.HistoryAction {
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

// endsAll tells of what is written also into a stay that is over: nothing else
// comes after it.
func endsAll(ev lifecycle.Event) bool {
	switch ev {
	case lifecycle.Terminate, lifecycle.TerminateHard, lifecycle.RecoverDelete, lifecycle.RecoverRecreate:
		return true
	}
	return false
}

// noteBegin writes into the record that begins with the event what began it, as
// oned does for moves and for what resumes a VM that is off.
func noteBegin(v *VM, from lifecycle.Status, ev lifecycle.Event, why Cause) {
	rec := v.Last()
	switch {
	case begins(ev) && from.LCM == one.LCMRunning:
		rec.note(ev.Action(), why.By)
	case begins(ev):
		rec.note(one.ActionMigrate, why.By)
	case isOff(from) && ev == lifecycle.Resume:
		rec.note(one.ActionResume, why.By)
	case isOff(from) && ev == lifecycle.SeenRunning:
		rec.note(one.ActionNone, nil)
	}
}

// isOff tells whether a VM is off and has a place on a host.
func isOff(s lifecycle.Status) bool {
	return s.State == one.VMPoweroff || s.State == one.VMSuspended
}

// begins tells whether an event is a move that is noted in the stay it leads to.
func begins(ev lifecycle.Event) bool {
	return ev == lifecycle.Migrate || ev == lifecycle.MigratePoweroff || ev == lifecycle.MigratePoweroffHard
}

func leavesOff(ev lifecycle.Event) bool {
	return begins(ev) || ev == lifecycle.Resume || ev == lifecycle.SeenRunning
}

// note says what was asked and by whom.
func (h *History) note(action one.HistoryAction, by *one.Caller) {
	h.Action, h.UID, h.GID, h.ReqID = action, -1, -1, -1
	if by != nil {
		h.UID, h.GID, h.ReqID = by.UID, by.GID, int64(by.ReqID)
	}
}

// endsRecord tells whether a step ends the stay, or begins to.
func endsRecord(from lifecycle.Status, step lifecycle.Step) bool {
	if step.Marks.Has(lifecycle.RenewRecord) {
		return true
	}
	return step.To != from && step.To.Change() == lifecycle.DoNone
}
