package dummy

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// ResizeDisk grows a disk of a running VM.
func (h *hypervisor) ResizeDisk(ctx context.Context, vm drivers.VM, diskID int, sizeMiB int64) error {
	return h.change(ctx, "resize_disk", vm, func(d *domain) error {
		if d.DiskMiB == nil {
			d.DiskMiB = make(map[int]int64)
		}
		d.DiskMiB[diskID] = sizeMiB
		return nil
	})
}

// ResizeCapacity is refused, as oned does for this driver, with the same text.
func (h *hypervisor) ResizeCapacity(context.Context, drivers.VM, int, int64) error {
	return one.Errorf(one.CodeAction, "Hotplug resize not supported by driver dummy")
}
