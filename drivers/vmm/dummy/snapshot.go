package dummy

import (
	"context"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
)

// snapshotName is what oned's dummy calls every snapshot. Because all share it,
// the driver can tell that a VM has had one, not which.
const snapshotName = "dummy-snap"

// CreateSnapshot pretends to snapshot a running VM.
func (h *hypervisor) CreateSnapshot(ctx context.Context, vm drivers.VM, _ int) (string, error) {
	err := h.change(ctx, "snapshot_create", vm, func(d *domain) error {
		d.Snapshots = true
		return nil
	})
	return snapshotName, err
}

// RevertSnapshot pretends to go back to a snapshot.
func (h *hypervisor) RevertSnapshot(ctx context.Context, vm drivers.VM, name string) error {
	return h.change(ctx, "snapshot_revert", vm, func(d *domain) error {
		if !d.Snapshots || name != snapshotName {
			return fmt.Errorf("VM %d has no snapshot %q", vm.ID, name)
		}
		return nil
	})
}

// DeleteSnapshot pretends to delete a snapshot.
func (h *hypervisor) DeleteSnapshot(ctx context.Context, vm drivers.VM, _ string) error {
	return h.change(ctx, "snapshot_delete", vm, func(*domain) error { return nil })
}

// SnapDisk pretends to snapshot a disk of a running VM.
func (h *hypervisor) SnapDisk(ctx context.Context, vm drivers.VM, _, _ int) error {
	return h.change(ctx, "disk_snapshot_create", vm, func(*domain) error { return nil })
}
