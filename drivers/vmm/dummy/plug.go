package dummy

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// AttachDisk adds a disk to a running VM.
func (h *hypervisor) AttachDisk(ctx context.Context, vm drivers.VM, diskID int) error {
	return h.change(ctx, "attach_disk", vm, func(d *domain) error {
		disk := withID(vm, "DISK", "DISK_ID", diskID)
		if disk == nil {
			return fmt.Errorf("VM %d has no DISK with DISK_ID %d", vm.ID, diskID)
		}
		size, _ := disk.Int("SIZE")
		if d.DiskMiB == nil {
			d.DiskMiB = make(map[int]int64)
		}
		d.DiskMiB[diskID] = int64(size)
		return nil
	})
}

// DetachDisk removes a disk from a running VM.
func (h *hypervisor) DetachDisk(ctx context.Context, vm drivers.VM, diskID int) error {
	return h.change(ctx, "detach_disk", vm, func(d *domain) error {
		delete(d.DiskMiB, diskID)
		return nil
	})
}

// AttachNIC adds a NIC to a running VM.
func (h *hypervisor) AttachNIC(ctx context.Context, vm drivers.VM, nicID int) error {
	return h.change(ctx, "attach_nic", vm, func(d *domain) error {
		if withID(vm, "NIC", "NIC_ID", nicID) == nil {
			return fmt.Errorf("VM %d has no NIC with NIC_ID %d", vm.ID, nicID)
		}
		if d.NICs == nil {
			d.NICs = make(map[int]bool)
		}
		d.NICs[nicID] = true
		return nil
	})
}

// DetachNIC removes a NIC from a running VM.
func (h *hypervisor) DetachNIC(ctx context.Context, vm drivers.VM, nicID int) error {
	return h.change(ctx, "detach_nic", vm, func(d *domain) error {
		delete(d.NICs, nicID)
		return nil
	})
}

// AttachAlias succeeds if the VM is running.
func (h *hypervisor) AttachAlias(ctx context.Context, vm drivers.VM, _ int) error {
	return h.change(ctx, "attach_nic", vm, func(*domain) error { return nil })
}

// DetachAlias succeeds if the VM is running.
func (h *hypervisor) DetachAlias(ctx context.Context, vm drivers.VM, _ int) error {
	return h.change(ctx, "detach_nic", vm, func(*domain) error { return nil })
}

// TuneNIC succeeds if the VM is running. Its errors have the ID of the NIC's network as text, as
// those of oned's driver.
func (h *hypervisor) TuneNIC(ctx context.Context, vm drivers.VM, nicID int) error {
	err := h.change(ctx, "update_nic", vm, func(*domain) error { return nil })
	var failed *drivers.Said
	if nic := withID(vm, "NIC", "NIC_ID", nicID); nic != nil && errors.As(err, &failed) {
		failed.Text = nic.Get("NETWORK_ID")
	}
	return err
}

// FollowGroup does nothing. Its errors have the ID of the security group as text, as those of oned's
// driver.
func (h *hypervisor) FollowGroup(ctx context.Context, _ drivers.VM, group int) error {
	err := h.act(ctx, "update_sg", func(world) error { return nil })
	var failed *drivers.Said
	if errors.As(err, &failed) {
		failed.Text = strconv.Itoa(group)
	}
	return err
}

// EjectContext ejects the context CD of a running VM.
func (h *hypervisor) EjectContext(ctx context.Context, vm drivers.VM) error {
	return h.change(ctx, "prereconfigure", vm, func(d *domain) error { d.Ejected = true; return nil })
}

// InsertContext inserts it again.
func (h *hypervisor) InsertContext(ctx context.Context, vm drivers.VM) error {
	return h.change(ctx, "reconfigure", vm, func(d *domain) error { d.Ejected = false; return nil })
}

// change runs an action that changes a running domain.
func (h *hypervisor) change(ctx context.Context, action string, vm drivers.VM, alter func(*domain) error) error {
	return h.act(ctx, action, func(w world) error {
		d, err := h.running(w, vm)
		if err != nil {
			return err
		}
		if err := alter(d); err != nil {
			return err
		}
		return w.put(h.host, d)
	})
}

// withID finds the vector whose key holds id.
func withID(vm drivers.VM, name, key string, id int) *attr.Attr {
	for _, a := range vm.Template.Vectors(name) {
		if n, ok := a.Int(key); ok && n == id {
			return a
		}
	}
	return nil
}
