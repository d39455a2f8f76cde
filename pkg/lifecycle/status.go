package lifecycle

import "github.com/renkei-vpe/renkei/pkg/one"

// Status is where a VM is in its life. It is comparable and stored whole.
type Status struct {
	State  one.VMState
	LCM    one.LCMState
	Detail Detail
}

// Detail tells apart what OpenNebula shows under one number. Clients never
// see it.
type Detail uint8

// The details. Each names the states it may go with.
const (
	Plain          Detail = iota
	AfterStop             // PENDING, HOLD: disks and memory wait at the front end
	AfterUndeploy         // PENDING, HOLD: the disks wait at the front end
	AtFrontEnd            // EPILOG, EPILOG_FAILURE: the disks are at the front end, not on a host
	PoweredOff            // SAVE_MIGRATE, PROLOG_MIGRATE: off for the move, so it boots instead of being restored
	Attaching             // HOTPLUG, HOTPLUG_NIC, HOTPLUG_NIC_POWEROFF
	Detaching             // HOTPLUG, HOTPLUG_NIC, HOTPLUG_NIC_POWEROFF
	Updating              // HOTPLUG_NIC
	Configuring           // HOTPLUG: the guest is told of a new context
	Executing             // HOTPLUG: a command is started in the guest
	CancellingExec        // HOTPLUG: that command is ended
	Creating              // HOTPLUG_SNAPSHOT
	Reverting             // HOTPLUG_SNAPSHOT
	Deleting              // HOTPLUG_SNAPSHOT
	Cancelling            // BACKUP, BACKUP_POWEROFF: the backup is given up
)

var detailNames = [...]string{
	Plain: "", AfterStop: "after stop", AfterUndeploy: "after undeploy",
	AtFrontEnd: "at front end", PoweredOff: "powered off",
	Attaching: "attaching", Detaching: "detaching", Updating: "updating",
	Configuring: "configuring", Executing: "executing", CancellingExec: "cancelling exec",
	Creating: "creating", Reverting: "reverting", Deleting: "deleting",
	Cancelling: "cancelling",
}

// String is the detail in words, empty for Plain.
func (d Detail) String() string { return nameOf(detailNames[:], int(d)) }

// String is the state that OpenNebula shows: the LCM state while the VM is
// ACTIVE, the VM state otherwise.
func (s Status) String() string {
	if s.State == one.VMActive {
		return s.LCM.String()
	}
	return s.State.String()
}

// Full is String and the detail, for logs and for people who read the table.
func (s Status) Full() string {
	if s.Detail == Plain {
		return s.String()
	}
	return s.String() + " (" + s.Detail.String() + ")"
}
