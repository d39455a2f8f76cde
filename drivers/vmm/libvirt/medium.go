package libvirt

import (
	"context"
	"fmt"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
)

// EjectContext ejects the context CD of the running vm, even if the guest has locked the drive.
func (h *hypervisor) EjectContext(ctx context.Context, vm drivers.VM) error {
	return h.changeMedium(ctx, vm, "ejecting the context CD of", nil)
}

// InsertContext inserts the context CD.
func (h *hypervisor) InsertContext(ctx context.Context, vm drivers.VM) error {
	id, _ := vm.Template.Vector("CONTEXT").Int("DISK_ID")
	cd := libvirtxml.DomainDiskSource{File: &libvirtxml.DomainDiskSourceFile{File: domxml.DiskPath(vm, id)}}
	return h.changeMedium(ctx, vm, "inserting the context CD of", &cd)
}

// changeMedium sets the medium of the context CD's drive; nil is none.
func (h *hypervisor) changeMedium(ctx context.Context, vm drivers.VM, what string, source *libvirtxml.DomainDiskSource) error {
	drive := driveAt(vm.Template.Vector("CONTEXT").Get("TARGET"))
	return h.alter(ctx, vm, what, func(_ *lv.Connect, dom *lv.Domain) error {
		found, err := lookAt(dom, drive)
		if err != nil {
			return err
		}
		d, ok := found.(*libvirtxml.DomainDisk)
		if !ok {
			return fmt.Errorf("it has no drive for one")
		}
		if domxml.Path(d) == domxml.Path(&libvirtxml.DomainDisk{Source: source}) {
			return nil
		}
		d.Source, d.BackingStore = source, nil
		text, err := d.Marshal()
		if err != nil {
			return err
		}
		return dom.UpdateDeviceFlags(text, lv.DOMAIN_DEVICE_MODIFY_LIVE|lv.DOMAIN_DEVICE_MODIFY_FORCE)
	})
}

// driveAt finds a CD-ROM drive by its target.
func driveAt(target string) device {
	return func(dom *libvirtxml.Domain) libvirtxml.Document {
		for i := range dom.Devices.Disks {
			if d := &dom.Devices.Disks[i]; d.Device == "cdrom" && d.Target != nil && d.Target.Dev == target {
				return d
			}
		}
		return nil
	}
}
