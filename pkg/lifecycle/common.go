package lifecycle

import "github.com/renkei-vpe/renkei/pkg/one"

// startOver is what deleting and recreating forget about a VM.
const startOver = ClearResched | ClearSnapshots

// addRecover gives every status what an administrator may always do: take the
// effect under way for done or failed, repeat it, or delete the VM.
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

// forgets is what deleting forgets about a VM that is on a host; what is kept of
// another stays as it was.
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

// failure is a status where an effect has failed and the VM waits for a
// person: where repeating it leads, and by which effect.
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

// addFailures gives every failure its ways out: repeat, take for done, leave
// as it is, or end the VM.
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

// addSecondThoughts lets whoever terminates a VM that is on its first way to a
// host have it deleted there. oned refuses that; but there the VM waits for the
// scheduler's next tick meanwhile, while ours has been placed at once.
func (t table) addSecondThoughts() {
	for _, s := range []Status{prolog, boot} {
		for _, ev := range []Event{Terminate, TerminateHard} {
			t.fill(s, ev, Step{cleanupDelete, s.cleanup(), startOver})
		}
	}
}

// hasFiles says that the VM has left something on a host or at the front end.
func (s Status) hasFiles() bool {
	switch s.State {
	case one.VMInit, one.VMCloning, one.VMCloningFailure, one.VMDone:
		return false
	case one.VMPending, one.VMHold:
		return s.Detail != Plain
	}
	return true
}

// cleanup is the effect that removes what the VM may have left in this status.
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

// configurable lists where one.vm.updateconf may change the template; in
// RUNNING the guest is told as well (src/vm/VirtualMachine.cc, updateconf).
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
