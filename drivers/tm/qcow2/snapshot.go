package qcow2

import (
	"context"
	"fmt"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
)

// Disk snapshots are internal snapshots of qcow2: they move and are deleted with the image, and
// a hypervisor can create and delete the same ones while a guest runs. These methods are for
// VMs that are off, as qemu-img refuses images in use.

// CreateDiskSnapshot stores the disk's present content under a number.
func (t *Transfer) CreateDiskSnapshot(ctx context.Context, h drivers.Host, d drivers.Disk, snapshotID int) error {
	there, err := t.hasSnapshot(ctx, h, d, snapshotID)
	if err != nil || there {
		return err
	}
	return t.tool(h).Snapshot(ctx, "-c", snapshotName(snapshotID), d.Path)
}

// RevertDiskSnapshot restores the content of a snapshot.
func (t *Transfer) RevertDiskSnapshot(ctx context.Context, h drivers.Host, d drivers.Disk, snapshotID int) error {
	there, err := t.hasSnapshot(ctx, h, d, snapshotID)
	if err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("disk %d has no snapshot %d to go back to", d.ID, snapshotID)
	}
	return t.tool(h).Snapshot(ctx, "-a", snapshotName(snapshotID), d.Path)
}

// DeleteDiskSnapshot deletes a snapshot. It succeeds if there is none.
func (t *Transfer) DeleteDiskSnapshot(ctx context.Context, h drivers.Host, d drivers.Disk, snapshotID int) error {
	there, err := t.hasSnapshot(ctx, h, d, snapshotID)
	if err != nil || !there {
		return err
	}
	return t.tool(h).Snapshot(ctx, "-d", snapshotName(snapshotID), d.Path)
}

// snapshotName is no bare number, which qemu-img could take for the ID of another snapshot.
func snapshotName(id int) string { return "snap-" + strconv.Itoa(id) }

func (t *Transfer) hasSnapshot(ctx context.Context, h drivers.Host, d drivers.Disk, id int) (bool, error) {
	if err := t.confine(ctx, h, d.Path); err != nil {
		return false, err
	}
	if Format(d.Attrs) != qemuimg.Qcow2 {
		return false, fmt.Errorf("disk %d is raw, and only qcow2 disks have snapshots", d.ID)
	}
	info, err := t.tool(h).Info(ctx, d.Path, qemuimg.Qcow2)
	if err != nil {
		return false, err
	}
	for _, s := range info.Snapshots {
		if s.Name == snapshotName(id) {
			return true, nil
		}
	}
	return false, nil
}
