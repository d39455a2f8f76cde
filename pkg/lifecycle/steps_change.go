package lifecycle

// change is a status in which something about a VM is being changed: the effect, and the status
// that the VM returns to whether it succeeds or fails.
type change struct {
	in   Status
	do   Effect
	home Status
}

var changes = []change{
	{hotplugAttachDisk, DoAttachDisk, running},
	{hotplugDetachDisk, DoDetachDisk, running},
	{hotplugConf, DoUpdateConf, running},
	{hotplugExec, DoExec, running},
	{hotplugCancelExec, DoCancelExec, running},
	{hotplugPrologPoweroff, DoAttachDiskOff, poweroff},
	{hotplugEpilogPoweroff, DoDetachDiskOff, poweroff},

	{hotplugNICAttach, DoAttachNIC, running},
	{hotplugNICDetach, DoDetachNIC, running},
	{hotplugNICUpdate, DoUpdateNIC, running},
	{hotplugNICPoweroffAttach, DoAttachNICOff, poweroff},
	{hotplugNICPoweroffDetach, DoDetachNICOff, poweroff},

	{hotplugSnapshotCreate, DoCreateSnapshot, running},
	{hotplugSnapshotRevert, DoRevertSnapshot, running},
	{hotplugSnapshotDelete, DoDeleteSnapshot, running},

	{diskSnapshot, DoCreateDiskSnapshot, running},
	{diskSnapshotDelete, DoDeleteDiskSnapshot, running},
	{diskSnapshotPoweroff, DoCreateDiskSnapshotOff, poweroff},
	{diskSnapshotRevertPoweroff, DoRevertDiskSnapshot, poweroff},
	{diskSnapshotDeletePoweroff, DoDeleteDiskSnapshotOff, poweroff},
	{diskSnapshotSuspended, DoCreateDiskSnapshotOff, suspended},
	{diskSnapshotDeleteSuspended, DoDeleteDiskSnapshotOff, suspended},

	{hotplugSaveAs, DoSaveAs, running},
	{hotplugSaveAsPoweroff, DoSaveAsOff, poweroff},
	{hotplugSaveAsSuspended, DoSaveAsOff, suspended},
	{hotplugSaveAsUndeployed, DoSaveAsFrontEnd, undeployed},
	{hotplugSaveAsStopped, DoSaveAsFrontEnd, stopped},

	{hotplugResize, DoResize, running},
	{diskResize, DoResizeDisk, running},
	{diskResizePoweroff, DoResizeDiskOff, poweroff},
	{diskResizeUndeployed, DoResizeDiskFrontEnd, undeployed},

	{backup, DoBackup, running},
	{backupPoweroff, DoBackupOff, poweroff},
	{restore, DoRestoreBackup, poweroff},
}

// changeSteps is what changes have besides their outcomes: a backup can be cancelled, which is
// an effect, too.
var changeSteps = table{
	backup:         {BackupCancel: {backupCancelling, DoCancelBackup, 0}},
	backupPoweroff: {BackupCancel: {backupPoweroffCancelling, DoCancelBackup, 0}},
	backupCancelling: {
		OK:     {running, DoNone, UndoChange},
		Failed: {running, DoNone, UndoChange},
	},
	backupPoweroffCancelling: {
		OK:     {poweroff, DoNone, UndoChange},
		Failed: {poweroff, DoNone, UndoChange},
	},
}

// changeOutcomes makes a table of the list of changes.
func changeOutcomes() table {
	t := table{}
	for _, c := range changes {
		t[c.in] = row{
			OK:     {c.home, DoNone, CommitChange},
			Failed: {c.home, DoNone, UndoChange},
		}
	}
	return t
}

// Change is the effect whose outcome CommitChange and UndoChange of this status are about,
// DoNone when nothing is being changed. A backup that is being cancelled is still a backup.
func (s Status) Change() Effect {
	if s.Detail == Cancelling {
		s.Detail = Plain
	}
	for _, c := range changes {
		if c.in == s {
			return c.do
		}
	}
	return DoNone
}
