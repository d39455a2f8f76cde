package lifecycle

import "github.com/renkei-vpe/renkei/pkg/one"

// Status is the state of a VM. It is comparable and stored as it is.
type Status struct {
	State  one.VMState
	LCM    one.LCMState
	Detail Detail
}

// Detail distinguishes statuses for which OpenNebula has one number. Clients never see it.
type Detail uint8

// The details. Each names the states it may go with.
const (
	Plain          Detail = iota
	AfterStop             // PENDING, HOLD: disks and memory wait at the front end
	AfterUndeploy         // PENDING, HOLD: the disks wait at the front end
	AtFrontEnd            // EPILOG, EPILOG_FAILURE: the disks are at the front end, not on a host
	PoweredOff            // SAVE_MIGRATE, PROLOG_MIGRATE: powered off for the migration, so it boots instead of being restored
	Attaching             // HOTPLUG, HOTPLUG_NIC, HOTPLUG_NIC_POWEROFF
	Detaching             // HOTPLUG, HOTPLUG_NIC, HOTPLUG_NIC_POWEROFF
	Updating              // HOTPLUG_NIC
	Configuring           // HOTPLUG: the guest's context is being updated
	Executing             // HOTPLUG: a command is being started in the guest
	CancellingExec        // HOTPLUG: that command is being cancelled
	Creating              // HOTPLUG_SNAPSHOT
	Reverting             // HOTPLUG_SNAPSHOT
	Deleting              // HOTPLUG_SNAPSHOT
	Cancelling            // BACKUP, BACKUP_POWEROFF: the backup is being cancelled
)

var detailNames = [...]string{
	Plain: "", AfterStop: "after stop", AfterUndeploy: "after undeploy",
	AtFrontEnd: "at front end", PoweredOff: "powered off",
	Attaching: "attaching", Detaching: "detaching", Updating: "updating",
	Configuring: "configuring", Executing: "executing", CancellingExec: "cancelling exec",
	Creating: "creating", Reverting: "reverting", Deleting: "deleting",
	Cancelling: "cancelling",
}

// String is the name of the detail, empty for Plain.
func (d Detail) String() string { return nameOf(detailNames[:], int(d)) }

// String is the state that OpenNebula shows: the LCM state while the VM is
// ACTIVE, the VM state otherwise.
func (s Status) String() string {
	if s.State == one.VMActive {
		return s.LCM.String()
	}
	return s.State.String()
}

// Full is String with the detail, for logs and test failures.
func (s Status) Full() string {
	if s.Detail == Plain {
		return s.String()
	}
	return s.String() + " (" + s.Detail.String() + ")"
}
