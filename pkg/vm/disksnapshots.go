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

// CreateDiskSnapshot serves one.vm.disksnapshotcreate and answers the
// snapshot's ID. It is shown while it is being made.
func CreateDiskSnapshot(tx *store.Tx, s Settings, c *one.Caller, id, disk int, name string) (int, error) {
	v, err := Kind.Get(tx, id)
	if err != nil {
		return -1, err
	}
	if v.Backups.Config.Get("MODE") == "INCREMENT" {
		return -1, one.Errorf(one.CodeAction, `Action "disk-snapshot-create" is not compatible with incremental backups`)
	}
	v, d, err := snapshotDisk(tx, id, disk, "Cannot make snapshots on disks of type: ")
	if err != nil {
		return -1, err
	}
	if err := allowed(v, lifecycle.DiskSnapshotCreate); err != nil {
		return -1, err
	}
	if isVolatile(d) {
		return -1, one.Errorf(one.CodeAction, "Cannot make snapshots on volatile disks")
	}
	if readOnly, _ := d.Bool("READONLY"); readOnly {
		return -1, one.Errorf(one.CodeAction, "Cannot make snapshots on readonly disks")
	}
	snaps := v.DiskSnapshots(disk)
	if snaps == nil {
		v.Snapshots = append(v.Snapshots, image.Snapshots{DiskID: disk, AllowOrphans: orphans(d), CurrentBase: -1})
		snaps = v.DiskSnapshots(disk)
	}
	size, _ := d.Int("SIZE")
	snapID := addSnapshot(snaps, name, int64(size), tx.Now.Unix())
	setSnapshotSize(d, snaps)
	err = Fire(tx, s, v, lifecycle.DiskSnapshotCreate, Cause{By: c, Args: diskSnapshotArgs(disk, snapID)})
	return snapID, ofCaller(c, err)
}

func diskSnapshotArgs(disk, snapshot int) effect.Args {
	return effect.Args{ArgDisk: strconv.Itoa(disk), ArgSnapshot: strconv.Itoa(snapshot)}
}

// snapshotDisk answers a VM and the disk that is to have snapshots.
func snapshotDisk(tx *store.Tx, id, disk int, unsupported string) (*VM, *attr.Attr, error) {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return nil, nil, err
	}
	d := v.Disk(disk)
	if d == nil {
		return nil, nil, noDisk()
	}
	if t := d.Get("TYPE"); t == "CDROM" || t == "FILESYSTEM" {
		return nil, nil, one.Errorf(one.CodeAction, "%s%s", unsupported, t)
	}
	return v, d, nil
}

// RevertDiskSnapshot serves one.vm.disksnapshotrevert.
func RevertDiskSnapshot(tx *store.Tx, s Settings, c *one.Caller, id, disk, snapshot int) error {
	v, _, err := snapshotDisk(tx, id, disk, "Snapshots are not supported on disks of type: ")
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
	v, d, err := snapshotDisk(tx, id, disk, "Snapshots are not supported on disks of type: ")
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
	v, _, err := snapshotDisk(tx, id, disk, "Snapshots are not supported on disks of type: ")
	if err != nil {
		return err
	}
	snap := findSnapshot(v.DiskSnapshots(disk), snapshot)
	if snap == nil {
		return one.Errorf(one.CodeAction, "Snapshot does not exist")
	}
	snap.Name = name
	return put(tx, v, checked)
}
