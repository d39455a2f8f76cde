package lifecycle

// Event is a request for a VM, the outcome of an effect, or an observation of monitoring.
type Event uint8

// Requests of users and of placement.
const (
	Submit        Event = iota // a new VM: to PENDING
	SubmitOnHold               // a new VM that asked for HOLD
	SubmitCloning              // a new VM whose images are still being made
	Deploy                     // placement, or an administrator, chose a host
	Hold
	Release
	Terminate
	TerminateHard
	Undeploy
	UndeployHard
	Poweroff
	PoweroffHard
	Suspend
	Stop
	Resume
	Reboot
	RebootHard
	Resched
	Unresched
	Migrate             // cold, through a checkpoint
	MigratePoweroff     // cold, through a guest that shuts down
	MigratePoweroffHard // cold, with the VM powered off hard
	LiveMigrate
	AttachDisk
	DetachDisk
	AttachNIC
	DetachNIC
	AttachNICCold // to a powered-off VM whose driver has to be called (COLD_NIC_ATTACH)
	DetachNICCold
	UpdateNIC
	AttachPCI
	DetachPCI
	ResizeCapacity
	ResizeDisk
	SnapshotCreate
	SnapshotRevert
	SnapshotDelete
	DiskSnapshotCreate
	DiskSnapshotRevert
	DiskSnapshotDelete
	SaveAs
	UpdateConf
	Backup
	BackupCancel
	RestoreBackup
	Exec
	ExecRetry
	ExecCancel
	RecoverSuccess // one.vm.recover 1: treat the current effect as succeeded
	RecoverFailure // 0: treat it as failed
	RecoverRetry   // 2
	RecoverDelete  // 3
	RecoverRecreate
	RecoverDeleteDB // 5: delete the VM from the store, without touching a host

	// Outcomes of the current effect.

	OK
	Failed

	// What happened to the images that a VM in CLONING waits for.

	ImagesReady
	ImagesReadyOnHold // ready, and the VM asked for HOLD
	ImagesFailed

	// What monitoring observes. An observation that the table refuses is ignored.

	SeenRunning
	SeenPoweroff // off, or missing on its host
	SeenSuspended
	SeenFailed
	HostLost // the host does not answer

	eventCount
)

// Events lists every event.
func Events() []Event {
	all := make([]Event, eventCount)
	for e := range all {
		all[e] = Event(e)
	}
	return all
}

var eventNames = [...]string{
	Submit: "submit", SubmitOnHold: "submit-on-hold", SubmitCloning: "submit-cloning",
	Deploy: "deploy", Hold: "hold", Release: "release",
	Terminate: "terminate", TerminateHard: "terminate-hard",
	Undeploy: "undeploy", UndeployHard: "undeploy-hard",
	Poweroff: "poweroff", PoweroffHard: "poweroff-hard",
	Suspend: "suspend", Stop: "stop", Resume: "resume",
	Reboot: "reboot", RebootHard: "reboot-hard", Resched: "resched", Unresched: "unresched",
	Migrate: "migrate", MigratePoweroff: "poweroff-migrate",
	MigratePoweroffHard: "poweroff-hard-migrate", LiveMigrate: "live-migrate",
	AttachDisk: "disk-attach", DetachDisk: "disk-detach",
	AttachNIC: "nic-attach", DetachNIC: "nic-detach",
	AttachNICCold: "nic-attach-cold", DetachNICCold: "nic-detach-cold", UpdateNIC: "nic-update",
	AttachPCI: "pci-attach", DetachPCI: "pci-detach",
	ResizeCapacity: "resize", ResizeDisk: "disk-resize",
	SnapshotCreate: "snapshot-create", SnapshotRevert: "snapshot-revert", SnapshotDelete: "snapshot-delete",
	DiskSnapshotCreate: "disk-snapshot-create", DiskSnapshotRevert: "disk-snapshot-revert",
	DiskSnapshotDelete: "disk-snapshot-delete", SaveAs: "disk-saveas", UpdateConf: "updateconf",
	Backup: "backup", BackupCancel: "backup-cancel", RestoreBackup: "restore",
	Exec: "exec", ExecRetry: "exec-retry", ExecCancel: "exec-cancel",
	RecoverSuccess: "recover-success", RecoverFailure: "recover-failure", RecoverRetry: "recover-retry",
	RecoverDelete: "recover-delete", RecoverRecreate: "recover-recreate", RecoverDeleteDB: "recover-delete-db",
	OK: "ok", Failed: "failed",
	ImagesReady: "images-ready", ImagesReadyOnHold: "images-ready-on-hold", ImagesFailed: "images-failed",
	SeenRunning: "seen-running", SeenPoweroff: "seen-poweroff", SeenSuspended: "seen-suspended",
	SeenFailed: "seen-failed", HostLost: "host-lost",
}

// String is the name of the event; for requests it is OpenNebula's.
func (e Event) String() string { return nameOf(eventNames[:], int(e)) }
