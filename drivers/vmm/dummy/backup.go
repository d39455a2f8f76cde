package dummy

import (
	"context"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
)

var _ drivers.Backuper = (*hypervisor)(nil)

// Backup succeeds without storing anything.
func (h *hypervisor) Backup(ctx context.Context, vm drivers.VM, diskIDs []int, _ drivers.Checkpoints, _, _ string) error {
	return h.act(ctx, "backup", func(w world) error {
		if _, err := h.running(w, vm); err != nil {
			return err
		}
		for _, id := range diskIDs {
			if withID(vm, "DISK", "DISK_ID", id) == nil {
				return fmt.Errorf("VM %d has no disk with DISK_ID %d", vm.ID, id)
			}
		}
		return nil
	})
}
