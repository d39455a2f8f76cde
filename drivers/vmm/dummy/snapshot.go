package dummy

import (
	"context"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
)

// snapshotName is the name of every snapshot in oned's dummy driver. The driver can only tell
// whether a VM has had a snapshot, not which.
const snapshotName = "dummy-snap"

// CreateSnapshot succeeds if the VM is running.
func (h *hypervisor) CreateSnapshot(ctx context.Context, vm drivers.VM, _ int) (string, error) {
	err := h.change(ctx, "snapshot_create", vm, func(d *domain) error {
		d.Snapshots = true
		return nil
	})
	return snapshotName, err
}

// RevertSnapshot succeeds if the VM has had a snapshot.
func (h *hypervisor) RevertSnapshot(ctx context.Context, vm drivers.VM, name string) error {
	return h.change(ctx, "snapshot_revert", vm, func(d *domain) error {
		if !d.Snapshots || name != snapshotName {
			return fmt.Errorf("VM %d has no snapshot %q", vm.ID, name)
		}
		return nil
	})
}

// DeleteSnapshot succeeds if the VM is running.
func (h *hypervisor) DeleteSnapshot(ctx context.Context, vm drivers.VM, _ string) error {
	return h.change(ctx, "snapshot_delete", vm, func(*domain) error { return nil })
}

// SnapDisk succeeds if the VM is running.
func (h *hypervisor) SnapDisk(ctx context.Context, vm drivers.VM, _, _ int) error {
	return h.change(ctx, "disk_snapshot_create", vm, func(*domain) error { return nil })
}
