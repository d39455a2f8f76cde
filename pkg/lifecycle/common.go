package lifecycle

import "github.com/renkei-vpe/renkei/pkg/one"

// startOver is what is cleared when a VM is deleted or recreated.
const startOver = ClearResched | ClearSnapshots

// addRecover adds to every status what an administrator may do at any time: treat the current
// effect as succeeded or failed, retry it, or delete the VM.
func (t table) addRecover() {
	for from, events := range t {
		if ok, busy := events[OK]; busy {
			t.fill(from, RecoverSuccess, ok)
			t.fill(from, RecoverFailure, events[Failed])
			t.fill(from, RecoverRetry, Step{from, DoAgain, 0})
		}
		switch {
		case from == done, from == cleanupDelete:
		case !from.hasFiles():
			t.fill(from, RecoverDelete, Step{done, DoNone, 0})
			t.fill(from, RecoverRecreate, Step{from, DoKeep, 0})
		default:
			t.fill(from, RecoverDelete, Step{cleanupDelete, from.cleanup(), from.forgets() | from.undo()})
			t.fill(from, RecoverRecreate, Step{cleanupResubmit, from.cleanup(), startOver | ClearDiskSnapshots | from.undo()})
		}
		t.fill(from, RecoverDeleteDB, Step{done, DoNone, from.undo()})
	}
}

// forgets are the marks of deleting a VM; the snapshots of a VM that is not on a host stay as
// they are.
func (s Status) forgets() Marks {
	if s.State != one.VMActive {
		return 0
	}
	return startOver
}

func (s Status) undo() Marks {
	if s.Change() == DoNone {
		return 0
	}
	return UndoChange
}

// failure is a status in which an effect has failed and the VM waits for a user: retry repeats
// the effect do and leads to the status retry.
type failure struct {
	in    Status
	retry Status
	do    Effect
}

var failures = []failure{
	{prologFailure, prolog, DoProlog},
	{prologResumeFailure, prologResume, DoPrologResume},
	{prologUndeployFailure, prologUndeploy, DoPrologResume},
	{bootFailure, boot, DoBoot},
	{bootStoppedFailure, bootStopped, DoRestore},
	{bootUndeployFailure, bootUndeploy, DoBoot},
	{bootMigrateFailure, bootMigrate, DoRestore},
	{prologMigrateFailure, prologMigrate, DoPrologMigrate},
	{prologMigrateFailureOff, prologMigrateOff, DoPrologMigrate},
	{prologMigratePoweroffFailure, prologMigratePoweroff, DoPrologMigrate},
	{prologMigrateSuspendFailure, prologMigrateSuspend, DoPrologMigrate},
	{prologMigrateUnknownFailure, prologMigrateUnknown, DoPrologMigrate},
	{epilogFailure, epilog, DoEpilog},
	{epilogFailureFrontEnd, epilogFrontEnd, DoEpilogFromFrontEnd},
	{epilogStopFailure, epilogStop, DoEpilogStop},
	{epilogUndeployFailure, epilogUndeploy, DoEpilogStop},
}

// addFailures gives every failure its ways out: retry, treat as done, leave as it is, or
// terminate the VM.
func (t table) addFailures() {
	for _, f := range failures {
		t.fill(f.in, RecoverRetry, Step{f.retry, f.do, 0})
		t.fill(f.in, RecoverSuccess, t[f.retry][OK])
		t.fill(f.in, RecoverFailure, Step{f.in, DoKeep, 0})
		deletion := Step{cleanupDelete, f.in.cleanup(), startOver}
		for _, ev := range []Event{Terminate, TerminateHard, RecoverDelete} {
			t.fill(f.in, ev, deletion)
		}
		t.fill(f.in, RecoverRecreate, Step{cleanupResubmit, f.in.cleanup(), startOver | ClearDiskSnapshots})
		t.fill(f.in, RecoverDeleteDB, Step{done, DoNone, 0})
	}
}

// addTerminateOnDeploy lets users terminate a VM in PROLOG or BOOT, which deletes it. oned
// refuses that; but there a VM waits for the scheduler's next tick, and can be terminated until
// then, while ours is placed at once.
func (t table) addTerminateOnDeploy() {
	for _, s := range []Status{prolog, boot} {
		for _, ev := range []Event{Terminate, TerminateHard} {
			t.fill(s, ev, Step{cleanupDelete, s.cleanup(), startOver})
		}
	}
}

// hasFiles tells whether the VM has files on a host or at the front end.
func (s Status) hasFiles() bool {
	switch s.State {
	case one.VMInit, one.VMCloning, one.VMCloningFailure, one.VMDone:
		return false
	case one.VMPending, one.VMHold:
		return s.Detail != Plain
	}
	return true
}

// cleanup is the effect that deletes the VM's files in this status.
func (s Status) cleanup() Effect {
	switch s {
	case stopped, undeployed,
		pendingStopped, pendingUndeployed, holdStopped, holdUndeployed,
		hotplugSaveAsStopped, hotplugSaveAsUndeployed, diskResizeUndeployed,
		epilogFrontEnd, epilogFailureFrontEnd:
		return DoCleanupFrontEnd
	case prologResume, prologResumeFailure, prologUndeploy, prologUndeployFailure,
		epilogStop, epilogStopFailure, epilogUndeploy, epilogUndeployFailure:
		return DoCleanupHereAndFrontEnd
	case migrate, saveMigrate, saveMigrateOff,
		prologMigrate, prologMigrateOff, prologMigratePoweroff, prologMigrateSuspend, prologMigrateUnknown,
		prologMigrateFailure, prologMigrateFailureOff, prologMigratePoweroffFailure,
		prologMigrateSuspendFailure, prologMigrateUnknownFailure:
		return DoCleanupBoth
	}
	return DoCleanup
}

// configurable lists the states in which one.vm.updateconf may change the template. In RUNNING
// the guest's context is updated as well (src/vm/VirtualMachine.cc, updateconf).
var configurable = []Status{
	pending, pendingStopped, pendingUndeployed, hold, holdStopped, holdUndeployed,
	poweroff, undeployed, cloning, cloningFailure,
	prolog, prologFailure, prologUndeploy, prologUndeployFailure,
	bootFailure, bootUndeployFailure,
	shutdown, shutdownPoweroff, shutdownUndeploy,
	epilog, epilogFrontEnd, epilogFailure, epilogFailureFrontEnd, epilogUndeploy, epilogUndeployFailure,
	cleanupDelete, cleanupResubmit,
	prologMigratePoweroff, prologMigratePoweroffFailure,
	hotplugSaveAsPoweroff, hotplugPrologPoweroff, hotplugEpilogPoweroff,
	diskSnapshotPoweroff, diskSnapshotRevertPoweroff, diskSnapshotDeletePoweroff,
}

func (t table) addConfiguration() {
	for _, s := range configurable {
		t.fill(s, UpdateConf, Step{s, DoKeep, 0})
	}
}
