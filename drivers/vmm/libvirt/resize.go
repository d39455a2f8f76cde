package libvirt

import (
	"context"
	"fmt"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
)

// ResizeDisk grows a disk of the running vm.
func (h *hypervisor) ResizeDisk(ctx context.Context, vm drivers.VM, diskID int, sizeMiB int64) error {
	at := diskAt(domxml.DiskPath(vm, diskID))
	return h.alter(ctx, vm, "resizing a disk of", func(_ *lv.Connect, dom *lv.Domain) error {
		found, err := lookAt(dom, at)
		if err != nil {
			return err
		}
		disk, ok := found.(*libvirtxml.DomainDisk)
		if !ok {
			return fmt.Errorf("it has no disk %d", diskID)
		}
		now, err := dom.GetBlockInfo(disk.Target.Dev, 0)
		if err != nil {
			return err
		}
		size := uint64(sizeMiB) << 20
		if now.Capacity >= size {
			return nil // disks are never shrunk
		}
		return dom.BlockResize(disk.Target.Dev, size, lv.DOMAIN_BLOCK_RESIZE_BYTES)
	})
}

// ResizeCapacity changes VCPU and memory of the running vm, up to the VCPU_MAX and MEMORY_MAX
// that it booted with.
func (h *hypervisor) ResizeCapacity(ctx context.Context, vm drivers.VM, vcpu int, memoryMiB int64) error {
	return h.alter(ctx, vm, "resizing", func(_ *lv.Connect, dom *lv.Domain) error {
		info, err := dom.GetInfo()
		if err != nil {
			return err
		}
		if err := setVCPUs(dom, info, uint(vcpu)); err != nil {
			return err
		}
		return setMemory(dom, info, uint64(memoryMiB)*1024)
	})
}

func setVCPUs(dom *lv.Domain, info *lv.DomainInfo, vcpus uint) error {
	if vcpus == info.NrVirtCpu {
		return nil
	}
	most, err := dom.GetVcpusFlags(lv.DOMAIN_VCPU_LIVE | lv.DOMAIN_VCPU_MAXIMUM)
	if err != nil {
		return err
	}
	if vcpus > uint(most) {
		return fmt.Errorf("%d VCPU are more than the %d it booted with room for: set VCPU_MAX and boot it anew", vcpus, most)
	}
	return dom.SetVcpusFlags(vcpus, lv.DOMAIN_VCPU_LIVE)
}

func setMemory(dom *lv.Domain, info *lv.DomainInfo, kib uint64) error {
	if kib == info.Memory {
		return nil
	}
	if kib > info.MaxMem {
		return fmt.Errorf("%d MiB are more than the %d it booted with room for: set MEMORY_MAX and boot it anew", kib/1024, info.MaxMem/1024)
	}
	return dom.SetMemoryFlags(kib, lv.DOMAIN_MEM_LIVE)
}
