package lifecycle

import "slices"

// Effect is the one operation of the drivers that a step begins. It replaces the current one.
// Every effect is idempotent and may run again (rebooting a guest twice does no harm). "Here"
// is the host of the newest history record, "the host before" that of the record before it.
// While Status.Holds has OldHost, the VM still runs on the host before, and is saved, shut down
// or destroyed there.
type Effect uint8

// The effects.
const (
	DoNone  Effect = iota // no effect; the current one, if any, is abandoned
	DoKeep                // the current effect goes on
	DoAgain               // the current effect starts again, at once

	DoProlog        // bring the disks here
	DoPrologResume  // bring the disks, and the checkpoint if any, here from the front end
	DoPrologMigrate // bring the disks, and the checkpoint if any, here from the host before
	DoBoot          // start the VM here
	DoRestore       // continue the VM here from its checkpoint, or a paused one where it is

	DoSave        // write the memory to the checkpoint and end the VM
	DoShutdown    // ask the guest to power off, and wait for it
	DoDestroy     // end the VM at once
	DoReboot      // ask the guest to restart
	DoReset       // restart the VM at once
	DoLiveMigrate // move the running VM here from the host before

	DoEpilog             // return what is persistent from here and delete the rest
	DoEpilogStop         // take disks, and the checkpoint if any, from here to the front end
	DoEpilogFromFrontEnd // as DoEpilog, of disks that wait at the front end

	DoCleanup                // destroy the VM if it is there and delete its files: here
	DoCleanupBoth            // … here and on the host before
	DoCleanupFrontEnd        // … at the front end, where no VM runs
	DoCleanupHereAndFrontEnd // … here and at the front end

	DoAttachDisk
	DoAttachDiskOff // only the files: the VM does not run
	DoDetachDisk
	DoDetachDiskOff
	DoAttachNIC
	DoAttachNICOff
	DoDetachNIC
	DoDetachNICOff
	DoUpdateNIC
	DoResize
	DoResizeDisk
	DoResizeDiskOff
	DoResizeDiskFrontEnd
	DoCreateSnapshot
	DoRevertSnapshot
	DoDeleteSnapshot
	DoCreateDiskSnapshot
	DoCreateDiskSnapshotOff
	DoRevertDiskSnapshot
	DoDeleteDiskSnapshot
	DoDeleteDiskSnapshotOff
	DoSaveAs
	DoSaveAsOff
	DoSaveAsFrontEnd
	DoUpdateConf
	DoBackup
	DoBackupOff
	DoCancelBackup
	DoRestoreBackup
	DoExec
	DoCancelExec

	effectCount
)

var effectNames = [...]string{
	DoNone: "none", DoKeep: "keep", DoAgain: "again",
	DoProlog: "prolog", DoPrologResume: "prolog-resume", DoPrologMigrate: "prolog-migrate",
	DoBoot: "boot", DoRestore: "restore",
	DoSave: "save", DoShutdown: "shutdown", DoDestroy: "destroy",
	DoReboot: "reboot", DoReset: "reset", DoLiveMigrate: "live-migrate",
	DoEpilog: "epilog", DoEpilogStop: "epilog-stop", DoEpilogFromFrontEnd: "epilog-from-front-end",
	DoCleanup: "cleanup", DoCleanupBoth: "cleanup-both", DoCleanupFrontEnd: "cleanup-front-end",
	DoCleanupHereAndFrontEnd: "cleanup-here-and-front-end",
	DoAttachDisk:             "attach-disk", DoAttachDiskOff: "attach-disk-off",
	DoDetachDisk: "detach-disk", DoDetachDiskOff: "detach-disk-off",
	DoAttachNIC: "attach-nic", DoAttachNICOff: "attach-nic-off",
	DoDetachNIC: "detach-nic", DoDetachNICOff: "detach-nic-off", DoUpdateNIC: "update-nic",
	DoResize: "resize", DoResizeDisk: "resize-disk", DoResizeDiskOff: "resize-disk-off",
	DoResizeDiskFrontEnd: "resize-disk-front-end",
	DoCreateSnapshot:     "create-snapshot", DoRevertSnapshot: "revert-snapshot", DoDeleteSnapshot: "delete-snapshot",
	DoCreateDiskSnapshot: "create-disk-snapshot", DoCreateDiskSnapshotOff: "create-disk-snapshot-off",
	DoRevertDiskSnapshot: "revert-disk-snapshot",
	DoDeleteDiskSnapshot: "delete-disk-snapshot", DoDeleteDiskSnapshotOff: "delete-disk-snapshot-off",
	DoSaveAs: "save-as", DoSaveAsOff: "save-as-off", DoSaveAsFrontEnd: "save-as-front-end",
	DoUpdateConf: "update-conf",
	DoBackup:     "backup", DoBackupOff: "backup-off", DoCancelBackup: "cancel-backup", DoRestoreBackup: "restore-backup",
	DoExec: "exec", DoCancelExec: "cancel-exec",
}

// String is the name of the effect in logs, metrics and the queue. The queue is stored, so
// names never change.
func (e Effect) String() string { return nameOf(effectNames[:], int(e)) }

// ParseEffect finds an effect by its name.
func ParseEffect(name string) (Effect, bool) {
	n := slices.Index(effectNames[:], name)
	return Effect(max(n, 0)), n >= 0
}

// Runs tells whether the effect is work for a driver, as opposed to DoNone, DoKeep and DoAgain,
// which are about the current effect.
func (e Effect) Runs() bool { return e > DoAgain && e < effectCount }
