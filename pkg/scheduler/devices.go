package scheduler

import (
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/placement"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// wantedDevices lists the PCI devices that a VM requests, including NICs.
func wantedDevices(v *vm.VM) (list []placement.Device) {
	for _, pci := range v.PCIs() {
		address, vendor, device, class := host.PCIWish(pci)
		list = append(list, placement.Device{Address: address, Vendor: vendor, Device: device, Class: class})
	}
	return list
}

// freeDevices lists the free PCI devices of a host.
func freeDevices(h *host.Host) (list []placement.Device) {
	for _, d := range h.FreePCIs() {
		address, vendor, device, class := host.PCIKind(&d.Attrs)
		list = append(list, placement.Device{Address: address, Vendor: vendor, Device: device, Class: class})
	}
	return list
}
