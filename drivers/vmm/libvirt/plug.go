package libvirt

import (
	"context"
	"fmt"
	"strings"
	"time"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
)

// device finds a device in a running domain; nil if it has none.
type device func(*libvirtxml.Domain) libvirtxml.Document

// AttachDisk adds the disk to the running vm.
func (h *hypervisor) AttachDisk(ctx context.Context, vm drivers.VM, diskID int) error {
	disk, err := h.builder(ctx).Disk(vm, h.host, diskID)
	if err != nil {
		return err
	}
	disk.Boot = nil // boot order cannot be changed in a running domain
	return h.attach(ctx, vm, disk, diskAt(domxml.Path(disk)))
}

// DetachDisk detaches the disk from the running vm.
func (h *hypervisor) DetachDisk(ctx context.Context, vm drivers.VM, diskID int) error {
	return h.detach(ctx, vm, diskAt(domxml.DiskPath(vm, diskID)))
}

func diskAt(path string) device {
	return func(dom *libvirtxml.Domain) libvirtxml.Document {
		for i := range dom.Devices.Disks {
			if d := &dom.Devices.Disks[i]; domxml.Path(d) == path {
				return d
			}
		}
		return nil
	}
}

// AttachNIC adds the NIC to the running vm.
func (h *hypervisor) AttachNIC(ctx context.Context, vm drivers.VM, nicID int) error {
	nic, at, err := h.nic(ctx, vm, nicID)
	if err != nil {
		return err
	}
	nic.Boot = nil
	return h.attach(ctx, vm, nic, at)
}

// DetachNIC detaches the NIC from the running vm.
func (h *hypervisor) DetachNIC(ctx context.Context, vm drivers.VM, nicID int) error {
	_, at, err := h.nic(ctx, vm, nicID)
	if err != nil {
		return err
	}
	return h.detach(ctx, vm, at)
}

// nic answers a NIC, and how to find it in a domain: by its MAC.
func (h *hypervisor) nic(ctx context.Context, vm drivers.VM, nicID int) (*libvirtxml.DomainInterface, device, error) {
	nic, err := h.builder(ctx).NIC(vm, h.host, nicID)
	if err != nil {
		return nil, nil, err
	}
	if nic.MAC == nil {
		return nil, nil, fmt.Errorf("NIC %d of VM %d has no MAC: nothing tells it from the others", nicID, vm.ID)
	}
	return nic, func(dom *libvirtxml.Domain) libvirtxml.Document {
		for i := range dom.Devices.Interfaces {
			if n := &dom.Devices.Interfaces[i]; n.MAC != nil && strings.EqualFold(n.MAC.Address, nic.MAC.Address) {
				return n
			}
		}
		return nil
	}, nil
}

func (h *hypervisor) attach(ctx context.Context, vm drivers.VM, d libvirtxml.Document, at device) error {
	text, err := d.Marshal()
	if err != nil {
		return err
	}
	return h.alter(ctx, vm, "attaching a device to", func(_ *lv.Connect, dom *lv.Domain) error {
		there, err := lookAt(dom, at)
		if err != nil || there != nil {
			return err
		}
		return dom.AttachDeviceFlags(text, lv.DOMAIN_DEVICE_MODIFY_LIVE)
	})
}

// detach asks the guest to release a device, and waits until it has.
func (h *hypervisor) detach(ctx context.Context, vm drivers.VM, at device) error {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for looks := 0; ; looks++ {
		ask, gone := looks%int(askAgain/lookAgain) == 0, false
		err := h.alter(ctx, vm, "detaching a device from", func(_ *lv.Connect, dom *lv.Domain) error {
			d, err := lookAt(dom, at)
			if gone = err == nil && d == nil; gone || err != nil || !ask {
				return err
			}
			return letGo(dom, d)
		})
		if err != nil || gone {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("the guest of VM %d did not let go of the device: %w", vm.ID, ctx.Err())
		}
	}
}

func letGo(dom *lv.Domain, d libvirtxml.Document) error {
	text, err := d.Marshal()
	if err != nil {
		return err
	}
	err = dom.DetachDeviceFlags(text, lv.DOMAIN_DEVICE_MODIFY_LIVE)
	if is(err, lv.ERR_DEVICE_MISSING) || isBeingUnplugged(err) {
		return nil
	}
	return err
}

// isBeingUnplugged tells that the guest has not answered an earlier request yet.
func isBeingUnplugged(err error) bool {
	return is(err, lv.ERR_INTERNAL_ERROR, lv.ERR_OPERATION_FAILED) &&
		strings.Contains(err.Error(), "already in the process of unplug")
}

// lookAt finds a device in the domain's present XML.
func lookAt(dom *lv.Domain, at device) (libvirtxml.Document, error) {
	text, err := dom.GetXMLDesc(0)
	if err != nil {
		return nil, err
	}
	var live libvirtxml.Domain
	if err := live.Unmarshal(text); err != nil {
		return nil, err
	}
	return at(&live), nil
}
