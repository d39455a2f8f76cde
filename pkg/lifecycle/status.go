package lifecycle

import "github.com/renkei-vpe/renkei/pkg/one"

// Status is the state of a VM as it is stored. Statuses can be compared with ==.
type Status struct {
	State  one.VMState
	LCM    one.LCMState
	Detail Detail
}

// Detail distinguishes statuses that have the same state in OpenNebula. It is not shown to clients.
type Detail uint8

// The details, with the states in which each can occur.
const (
	Plain          Detail = iota
	AfterStop             // PENDING, HOLD: the disks and the checkpoint are on the front end
	AfterUndeploy         // PENDING, HOLD: the disks are on the front end
	AtFrontEnd            // EPILOG, EPILOG_FAILURE: the disks are on the front end, not on a host
	PoweredOff            // SAVE_MIGRATE, PROLOG_MIGRATE: powered off for the migration, so it will be booted
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

// String returns the name of the detail, empty for Plain.
func (d Detail) String() string { return nameOf(detailNames[:], int(d)) }

// String returns the state that OpenNebula shows: the LCM state while the VM is
// ACTIVE, the VM state otherwise.
func (s Status) String() string {
	if s.State == one.VMActive {
		return s.LCM.String()
	}
	return s.State.String()
}

// Full returns the state with the detail, for logs and test failures.
func (s Status) Full() string {
	if s.Detail == Plain {
		return s.String()
	}
	return s.String() + " (" + s.Detail.String() + ")"
}
