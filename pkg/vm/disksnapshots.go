package vm

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// CreateDiskSnapshot serves one.vm.disksnapshotcreate and returns the snapshot's ID. The snapshot
// is in the VM as soon as the request is accepted.
func CreateDiskSnapshot(tx *store.Tx, s Settings, c *one.Caller, id, disk int, name string) (int, error) {
	if err := CheckDiskSnapshot(tx, id, disk); err != nil {
		return -1, err
	}
	v, d, err := snapshotDisk(tx, id, disk)
	if err != nil {
		return -1, err
	}
	snaps := v.DiskSnapshots(disk)
	if snaps == nil {
		v.Snapshots = append(v.Snapshots, image.Snapshots{DiskID: disk, AllowOrphans: orphans(d), CurrentBase: -1})
		snaps = v.DiskSnapshots(disk)
	}
	size, _ := d.Int("SIZE")
	snapID := addSnapshot(snaps, name, int64(size), tx.Now.Unix())
	setSnapshotSize(d, snaps)
	if err := affordable(tx, v); err != nil {
		return -1, ofCaller(c, err)
	}
	if err := allowed(v, lifecycle.DiskSnapshotCreate); err != nil {
		return -1, err
	}
	if readOnly, _ := d.Bool("READONLY"); readOnly {
		return -1, one.Errorf(one.CodeAction, "Cannot make snapshots on readonly disks")
	}
	err = Fire(tx, s, v, lifecycle.DiskSnapshotCreate, Cause{By: c, Args: diskSnapshotArgs(disk, snapID)})
	return snapID, ofCaller(c, err)
}

// CheckDiskSnapshot checks whether a disk snapshot can be created. oned does this before it
// checks permissions.
func CheckDiskSnapshot(r store.Reader, id, disk int) error {
	v, err := Kind.Get(r, id)
	if err != nil {
		return err
	}
	if v.Backups.Config.Get("MODE") == "INCREMENT" {
		return one.Errorf(one.CodeAction, `Action "disk-snapshot-create" is not compatible with incremental backups`)
	}
	return canHaveSnapshots(v, disk, "Cannot make snapshots on disks of type: ")
}

// CheckDiskSnapshots does so for reverting and deleting snapshots.
func CheckDiskSnapshots(r store.Reader, id, disk int) error {
	v, err := Kind.Get(r, id)
	if err != nil {
		return err
	}
	return canHaveSnapshots(v, disk, unsupported)
}

// unsupported begins the error for disks that cannot have snapshots.
const unsupported = "Snapshots are not supported on disks of type: "

func diskSnapshotArgs(disk, snapshot int) effect.Args {
	return effect.Args{ArgDisk: strconv.Itoa(disk), ArgSnapshot: strconv.Itoa(snapshot)}
}

// snapshotDisk returns a VM and its disk, if that can have snapshots.
func snapshotDisk(tx *store.Tx, id, disk int) (*VM, *attr.Attr, error) {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return nil, nil, err
	}
	if err := canHaveSnapshots(v, disk, unsupported); err != nil {
		return nil, nil, err
	}
	return v, v.Disk(disk), nil
}

func canHaveSnapshots(v *VM, disk int, blame string) error {
	d := v.Disk(disk)
	if d == nil {
		return noDisk()
	}
	if t := d.Get("TYPE"); isVolatile(d) || t == "CDROM" || t == "FILESYSTEM" {
		return one.Errorf(one.CodeAction, "%s%s", blame, t)
	}
	return nil
}

// RevertDiskSnapshot serves one.vm.disksnapshotrevert.
func RevertDiskSnapshot(tx *store.Tx, s Settings, c *one.Caller, id, disk, snapshot int) error {
	v, _, err := snapshotDisk(tx, id, disk)
	if err != nil {
		return err
	}
	if err := allowed(v, lifecycle.DiskSnapshotRevert); err != nil {
		return err
	}
	snaps := v.DiskSnapshots(disk)
	if snaps == nil {
		return one.Errorf(one.CodeAction, "Snapshot does not exist")
	}
	if findSnapshot(snaps, snapshot) == nil {
		return one.Errorf(one.CodeAction, "Disk id (%d) or snapshot id (%d) is not valid.", disk, snapshot)
	}
	return Fire(tx, s, v, lifecycle.DiskSnapshotRevert, Cause{By: c, Args: diskSnapshotArgs(disk, snapshot)})
}

// DeleteDiskSnapshot serves one.vm.disksnapshotdelete.
func DeleteDiskSnapshot(tx *store.Tx, s Settings, c *one.Caller, id, disk, snapshot int) error {
	v, d, err := snapshotDisk(tx, id, disk)
	if err != nil {
		return err
	}
	if err := allowed(v, lifecycle.DiskSnapshotDelete); err != nil {
		return err
	}
	snaps := v.DiskSnapshots(disk)
	if snaps == nil {
		return one.Errorf(one.CodeAction, "Snapshot does not exist")
	}
	if err := deletable(snaps, snapshot, isPersistent(d)); err != nil {
		return err
	}
	return Fire(tx, s, v, lifecycle.DiskSnapshotDelete, Cause{By: c, Args: diskSnapshotArgs(disk, snapshot)})
}

// RenameDiskSnapshot serves one.vm.disksnapshotrename.
func RenameDiskSnapshot(tx *store.Tx, id, disk, snapshot int, name string) error {
	v, _, err := snapshotDisk(tx, id, disk)
	if err != nil {
		return err
	}
	snaps := v.DiskSnapshots(disk)
	if snaps == nil {
		return one.Errorf(one.CodeAction, "The VM does not have any snapshot")
	}
	snap := findSnapshot(snaps, snapshot)
	if snap == nil {
		return one.Errorf(one.CodeAction, "Snapshot does not exist")
	}
	snap.Name = name
	return put(tx, v, checked)
}
