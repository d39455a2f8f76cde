package lifecycle

import "github.com/renkei-vpe/renkei/pkg/one"

// Holdings is what a VM in a status occupies. It follows from the status alone, so that no step
// can leak any.
type Holdings struct {
	Host    bool // capacity of the host of the newest history record, which is open
	OldHost bool // also that of the host before, where the VM still runs
	Running bool // the RUNNING_ quotas
}

// Holds answers what a VM in this status occupies.
func (s Status) Holds() Holdings {
	switch s.State {
	case one.VMPending, one.VMHold, one.VMCloning, one.VMCloningFailure:
		return Holdings{Running: true}
	case one.VMPoweroff, one.VMSuspended:
		return Holdings{Host: true}
	case one.VMActive:
		return s.holdsActive()
	}
	return Holdings{}
}

func (s Status) holdsActive() Holdings {
	switch s {
	case migrate, saveMigrate, saveMigrateOff:
		return Holdings{Host: true, OldHost: true, Running: true}
	case prologMigratePoweroff, prologMigratePoweroffFailure, prologMigrateSuspend, prologMigrateSuspendFailure:
		return Holdings{Host: true}
	case epilogFrontEnd, epilogFailureFrontEnd, cleanupResubmit:
		return Holdings{Running: true}
	case cleanupDelete:
		return Holdings{}
	case backupCancelling, backupPoweroffCancelling:
		s.Detail = Plain
	}
	for _, c := range changes {
		if c.in == s {
			return c.home.Holds()
		}
	}
	return Holdings{Host: true, Running: true}
}

// settle adds the marks that follow from the holdings of the old and the new status.
func (t table) settle() {
	for from, events := range t {
		for ev, step := range events {
			step.Marks |= followingMarks(from, step)
			events[ev] = step
		}
	}
}

func followingMarks(from Status, step Step) Marks {
	had, has := from.Holds(), step.To.Holds()
	var m Marks
	if had.Host && !has.Host {
		m |= CloseRecord | WakePlacement
	}
	if had.OldHost && !has.Host {
		m |= CloseOldRecord
	}
	if step.Marks&(CloseOldRecord|RevertRecord) != 0 {
		m |= WakePlacement
	}
	switch {
	case step.To == done && from != done:
		m |= ReleaseAll
	case had.Running && !has.Running:
		m |= ReleaseRunningQuota
	case !had.Running && has.Running:
		m |= TakeRunningQuota
	}
	if step.To.State == one.VMPending && from.State != one.VMPending || step.Marks.Has(SetResched) {
		m |= WakePlacement
	}
	return m
}
