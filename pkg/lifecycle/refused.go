package lifecycle

import (
	"strconv"
	"strings"
)

// Refused is the error for an event that a VM's status does not allow.
type Refused struct {
	From  Status
	Event Event
}

// Error is oned's text for a refused one.vm.action.
func (r *Refused) Error() string {
	return "This action is not available for state " + r.From.String()
}

// refusals are oned's texts for other requests.
var refusals = map[Event]string{
	Deploy:              "Deploy action is not available for state {state}",
	Migrate:             "Migrate action is not available for state {state}",
	MigratePoweroff:     "Migrate action is not available for state {state}",
	MigratePoweroffHard: "Migrate action is not available for state {state}",
	LiveMigrate:         "Migrate action is not available for state {state}",
	Terminate:           "Could not terminate VM {vm}, wrong state {state}.",
	TerminateHard:       "Could not terminate VM {vm}, wrong state {state}.",
	AttachDisk:          "Could not attach a new disk to VM {vm}, wrong state {state}.",
	DetachDisk:          "Could not detach disk from VM {vm}, wrong state {state}.",
	AttachNIC:           "Could not add a new NIC to VM {vm}, wrong state {state}.",
	AttachNICCold:       "Could not add a new NIC to VM {vm}, wrong state {state}.",
	DetachNIC:           "Could not detach NIC from VM {vm}, wrong state {state}.",
	DetachNICCold:       "Could not detach NIC from VM {vm}, wrong state {state}.",
	UpdateNIC:           "Wrong state {state}",
	AttachPCI:           "VM in wrong state, it has to be in poweroff",
	DetachPCI:           "VM in wrong state, it has to be in poweroff",
	ResizeCapacity:      "Cannot resize a VM in state {state}",
	ResizeDisk:          "Could not resize disk for VM {vm}, wrong state {state}.",
	SnapshotCreate:      "Could not create a new snapshot for VM {vm}, wrong state {state}.",
	DiskSnapshotCreate:  "Could not create a new snapshot for VM {vm}, wrong state {state}.",
	DiskSnapshotRevert:  "Could not revert to disk snapshot for VM {vm}, wrong state {state}.",
	DiskSnapshotDelete:  "Could not delete disk snapshot from VM {vm}, wrong state {state}.",
	UpdateConf:          "configuration cannot be updated in state {state}",
	Backup:              "Could not create a new backup for VM {vm}, wrong state {state}.",
	BackupCancel:        "Could not cancel backup for VM {vm}, no backup in progress",
	RestoreBackup:       "Could not restore VM, it must be in poweroff",
	Exec:                "Could not execute command, VM must be in running",
	ExecRetry:           "Could not execute command, VM must be in running",
	ExecCancel:          "Could not cancel command, VM must be in running",
	RecoverSuccess:      "Could not perform a recover operation on VM {vm}, wrong state {state}.",
	RecoverFailure:      "Could not perform a recover operation on VM {vm}, wrong state {state}.",
	RecoverRetry:        "Could not perform a retry on VM {vm}, wrong state {state}.",
	RecoverRecreate:     "Cannot delete-recreate a VM already in {state} state",
}

// Text is oned's text for the caller, with the ID of the VM.
func (r *Refused) Text(vmID int) string {
	text, ok := refusals[r.Event]
	if !ok {
		return r.Error()
	}
	return strings.NewReplacer("{vm}", strconv.Itoa(vmID), "{state}", r.From.String()).Replace(text)
}
