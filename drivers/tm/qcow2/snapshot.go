package qcow2

import (
	"context"
	"fmt"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
)

// Disk snapshots are kept inside the qcow2 image: they move and vanish with it,
// and a hypervisor can make and delete the same ones while a guest runs. These
// calls are for a VM that is off: qemu-img refuses an image that is in use.

// CreateDiskSnapshot keeps the disk's present content under a number.
func (t *Transfer) CreateDiskSnapshot(ctx context.Context, h drivers.Host, d drivers.Disk, snapshotID int) error {
	there, err := t.hasSnapshot(ctx, h, d, snapshotID)
	if err != nil || there {
		return err
	}
	return t.tool(h).Snapshot(ctx, "-c", snapshotName(snapshotID), d.Path)
}

// RevertDiskSnapshot brings back what a snapshot keeps.
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

// DeleteDiskSnapshot forgets a snapshot. Nothing there: goal met.
func (t *Transfer) DeleteDiskSnapshot(ctx context.Context, h drivers.Host, d drivers.Disk, snapshotID int) error {
	there, err := t.hasSnapshot(ctx, h, d, snapshotID)
	if err != nil || !there {
		return err
	}
	return t.tool(h).Snapshot(ctx, "-d", snapshotName(snapshotID), d.Path)
}

// snapshotName is not a bare number, which qemu-img could take for its own.
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
