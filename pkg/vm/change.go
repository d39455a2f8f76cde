package vm

import (
	"errors"
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// markChange commits or reverts the change that an effect made. What is added is already in the
// template, what is removed is still there.
func markChange(tx *store.Tx, v *VM, from lifecycle.Status, m lifecycle.Marks) error {
	switch {
	case m.Has(lifecycle.CommitChange):
		commit(tx, v, from.Change())
	case m.Has(lifecycle.UndoChange):
		undo(tx, v, from.Change())
	default:
		return nil
	}
	unmark(v, from.Change())
	return nil
}

// unmark removes the attributes that show a change in progress.
func unmark(v *VM, change lifecycle.Effect) {
	var of *attr.Attr
	switch change {
	case lifecycle.DoAttachNIC, lifecycle.DoAttachNICOff, lifecycle.DoDetachNIC, lifecycle.DoDetachNICOff:
		of = v.NIC(v.doing(ArgNIC))
	case lifecycle.DoCreateSnapshot, lifecycle.DoRevertSnapshot, lifecycle.DoDeleteSnapshot:
		of = byID(v.Template.Vectors("SNAPSHOT"), "SNAPSHOT_ID", v.doing(ArgSnapshot))
	case lifecycle.DoResize:
		v.Template.Del(resizing)
	default:
		if v.Doing[ArgDisk] != "" {
			of = v.Disk(v.doing(ArgDisk))
		}
	}
	if of == nil {
		return
	}
	for _, key := range []string{underWay, "ACTION", "ACTIVE", resizing, snapActive, snapID, saveActive, saveSnapshot, saveImage} {
		of.Del(key)
	}
}

// Attributes that oned sets during a change: RESIZE has the old capacity, the others are set in
// the DISK that is resized, copied or has a snapshot.
const (
	resizing     = "RESIZE"
	snapActive   = "DISK_SNAPSHOT_ACTIVE"
	snapID       = "DISK_SNAPSHOT_ID"
	saveActive   = "HOTPLUG_SAVE_AS_ACTIVE"
	saveSnapshot = "HOTPLUG_SAVE_AS_SNAPSHOT_ID"
	saveImage    = "HOTPLUG_SAVE_AS"
)

// markChanging sets them when a change begins. Devices that are attached or detached were marked
// before.
func markChanging(v *VM, change lifecycle.Effect) {
	switch change {
	case lifecycle.DoResize:
		v.Template.SetVector(resizing, attr.Pair{Key: "CPU", Value: v.Doing[ArgOldCPU]},
			attr.Pair{Key: "VCPU", Value: v.Doing[ArgOldVCPU]}, attr.Pair{Key: "MEMORY", Value: v.Doing[ArgOldMemory]})
		return
	}
	d := v.Disk(v.doing(ArgDisk))
	if d == nil {
		return
	}
	switch change {
	case lifecycle.DoResizeDisk, lifecycle.DoResizeDiskOff, lifecycle.DoResizeDiskFrontEnd:
		d.Set(resizing, "YES")
	case lifecycle.DoCreateDiskSnapshot, lifecycle.DoCreateDiskSnapshotOff, lifecycle.DoRevertDiskSnapshot,
		lifecycle.DoDeleteDiskSnapshot, lifecycle.DoDeleteDiskSnapshotOff:
		d.Set(snapActive, "YES")
		d.Set(snapID, v.Doing[ArgSnapshot])
	case lifecycle.DoSaveAs, lifecycle.DoSaveAsOff, lifecycle.DoSaveAsFrontEnd:
		d.Set(saveActive, "YES")
		d.Set(saveSnapshot, v.Doing[ArgSnapshot])
		d.Set(saveImage, v.Doing[ArgImage])
	}
}

func commit(tx *store.Tx, v *VM, change lifecycle.Effect) {
	disk, snapshot := v.doing(ArgDisk), v.doing(ArgSnapshot)
	switch change {
	case lifecycle.DoDetachDisk, lifecycle.DoDetachDiskOff:
		forgetInBackups(v, disk)
		forgetDisk(v, disk)
	case lifecycle.DoDetachNIC, lifecycle.DoDetachNICOff:
		forgetNIC(tx, v, v.doing(ArgNIC))
	case lifecycle.DoDeleteSnapshot:
		forget(v, "SNAPSHOT", "SNAPSHOT_ID", snapshot)
	case lifecycle.DoResizeDisk, lifecycle.DoResizeDiskOff, lifecycle.DoResizeDiskFrontEnd:
		if d := v.Disk(disk); d != nil {
			d.Del("SIZE_PREV")
		}
	case lifecycle.DoRevertDiskSnapshot:
		revertDisk(v, disk, snapshot)
	case lifecycle.DoDeleteDiskSnapshot, lifecycle.DoDeleteDiskSnapshotOff:
		removeDiskSnapshot(v, disk, snapshot)
	case lifecycle.DoSaveAs, lifecycle.DoSaveAsOff, lifecycle.DoSaveAsFrontEnd:
		finishSaveAs(tx, v)
	case lifecycle.DoBackup, lifecycle.DoBackupOff:
		backedUp(tx, v)
	case lifecycle.DoRestoreBackup:
		restored(v)
	case lifecycle.DoAttachDisk, lifecycle.DoAttachDiskOff:
		if v.Backups.configured() && slices.Contains(v.backupDisks(), disk) {
			v.Backups.newChain()
		}
	case lifecycle.DoExec:
		setExecStatus(v, executing)
	case lifecycle.DoCancelExec:
		setExecStatus(v, execCancelled)
	}
}

func undo(tx *store.Tx, v *VM, change lifecycle.Effect) {
	disk, snapshot := v.doing(ArgDisk), v.doing(ArgSnapshot)
	switch change {
	case lifecycle.DoAttachDisk, lifecycle.DoAttachDiskOff:
		forgetDisk(v, disk)
	case lifecycle.DoAttachNIC, lifecycle.DoAttachNICOff:
		forgetNIC(tx, v, v.doing(ArgNIC))
	case lifecycle.DoExec, lifecycle.DoCancelExec:
		setExecStatus(v, execFailed)
	case lifecycle.DoUpdateNIC:
		restoreNIC(tx, v)
	case lifecycle.DoResize:
		restoreSize(v)
	case lifecycle.DoCreateSnapshot:
		forget(v, "SNAPSHOT", "SNAPSHOT_ID", snapshot)
	case lifecycle.DoResizeDisk, lifecycle.DoResizeDiskOff, lifecycle.DoResizeDiskFrontEnd:
		if d := v.Disk(disk); d != nil && d.Has("SIZE_PREV") {
			d.Set("SIZE", d.Get("SIZE_PREV"))
			d.Del("SIZE_PREV")
		}
	case lifecycle.DoCreateDiskSnapshot, lifecycle.DoCreateDiskSnapshotOff:
		removeDiskSnapshot(v, disk, snapshot)
	case lifecycle.DoSaveAs, lifecycle.DoSaveAsOff, lifecycle.DoSaveAsFrontEnd:
		image.Finished(tx, v.doing(ArgImage), drivers.Stored{}, errors.New("the disk could not be saved"))
	case lifecycle.DoBackup, lifecycle.DoBackupOff:
		notBackedUp(tx, v)
	}
}

// revertDisk updates a disk that was reverted to a snapshot, including its SIZE.
func revertDisk(v *VM, disk, id int) {
	s, d := v.DiskSnapshots(disk), v.Disk(disk)
	if s == nil || d == nil {
		return
	}
	if snap := findSnapshot(s, id); snap != nil && snap.SizeMB > 0 {
		d.Set("SIZE", strconv.FormatInt(snap.SizeMB, 10))
	}
	activate(s, id)
}

// removeDiskSnapshot removes a snapshot of a disk and updates DISK_SNAPSHOT_TOTAL_SIZE.
func removeDiskSnapshot(v *VM, disk, id int) {
	s, d := v.DiskSnapshots(disk), v.Disk(disk)
	if s == nil || d == nil {
		return
	}
	dropSnapshot(s, id)
	setSnapshotSize(d, s)
}

// finishSaveAs makes the saved image READY with the results of the driver. If there are none and
// the image has no SOURCE yet, it gets into ERROR.
func finishSaveAs(tx *store.Tx, v *VM) {
	id := v.doing(ArgImage)
	img, err := image.Kind.Get(tx, id)
	if err != nil {
		return // it was deleted in the meantime
	}
	stored := drivers.Stored{Source: img.Source, Format: img.Format, SizeMiB: img.SizeMB}
	if source := v.Doing[OutSource]; source != "" {
		stored.Source, stored.Format = source, v.Doing[OutFormat]
	}
	if size, err := strconv.ParseInt(v.Doing[OutSize], 10, 64); err == nil {
		stored.SizeMiB = size
	}
	if stored.Source == "" {
		err = errors.New("the disk was saved, but no driver told where to")
	}
	image.Finished(tx, id, stored, err)
}
