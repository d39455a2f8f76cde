package domxml

import (
	"path"
	"slices"
	"strings"

	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/drivers"
)

// operatingSystem adds OS.
func (b *build) operatingSystem() {
	arch := b.key("OS", "ARCH")
	if arch == "" {
		b.fail("OS/ARCH is missing, and the defaults have none")
	}
	os := &libvirtxml.DomainOS{Type: &libvirtxml.DomainOSType{
		Type: "hvm", Arch: arch, Machine: b.key("OS", "MACHINE"),
	}}
	b.dom.OS = os
	b.kernel(os)
	b.firmware(os)
	b.legacyBoot(os)
	b.pciPorts()
}

func (b *build) kernel(os *libvirtxml.DomainOS) {
	os.Kernel = b.bootFile("KERNEL", drivers.KernelFile)
	if os.Kernel == "" {
		b.dom.Bootloader = b.key("OS", "BOOTLOADER")
		return
	}
	os.Initrd = b.bootFile("INITRD", drivers.InitrdFile)
	os.Cmdline = b.key("OS", "KERNEL_CMD")
	if root := b.key("OS", "ROOT"); root != "" {
		os.Cmdline = strings.TrimSpace("root=/dev/" + root + " " + os.Cmdline)
	}
}

// bootFile is the path in OS, or that of the file from a datastore.
func (b *build) bootFile(name, file string) string {
	if b.key("OS", name+"_DS_SOURCE") != "" {
		return path.Join(b.vm.Dir, file)
	}
	return b.key("OS", name)
}

// firmware adds FIRMWARE: for UEFI libvirt chooses a file; a path has to be one that the
// administrator allows, as QEMU reads it with more rights than the user has.
func (b *build) firmware(os *libvirtxml.DomainOS) {
	firmware, secure := b.key("OS", "FIRMWARE"), yesNo(b.yes("OS", "FIRMWARE_SECURE"))
	switch {
	case firmware == "" || strings.EqualFold(firmware, "BIOS"):
		return
	case strings.EqualFold(firmware, "UEFI"):
		os.Firmware = "efi"
		os.FirmwareInfo = &libvirtxml.DomainOSFirmwareInfo{Features: []libvirtxml.DomainOSFirmwareFeature{
			{Enabled: secure, Name: "secure-boot"},
		}}
		return
	case !slices.Contains(strings.Fields(b.host().get("OVMF_UEFIS")), firmware):
		b.fail("OS/FIRMWARE = %q is not allowed: use BIOS, UEFI or one of %s", firmware, b.host().get("OVMF_UEFIS"))
	}
	os.Loader = &libvirtxml.DomainLoader{Readonly: "yes", Type: "pflash", Secure: secure, Path: firmware}
	os.NVRam = &libvirtxml.DomainNVRam{NVRam: path.Join(b.vm.Dir, b.dom.Name+"_VARS.fd")}
	if strings.EqualFold(b.key("OS", "FIRMWARE_FORMAT"), "qcow2") {
		os.NVRam.Format = "qcow2"
	}
	// A guest that suspends itself under this firmware does not wake up.
	no := &libvirtxml.DomainPMPolicy{Enabled: "no"}
	b.dom.PM = &libvirtxml.DomainPM{SuspendToMem: no, SuspendToDisk: no}
}

func yesNo(v bool) string {
	if v {
		return "yes"
	}
	return "no"
}

// bootOrder answers the position, from 1, of a device such as "disk0" in BOOT ("disk0,nic1"); 0
// if it is not there.
func (b *build) bootOrder(device string) uint {
	order := strings.Split(b.vm.Template.Vector("OS").Get("BOOT"), ",")
	return uint(slices.IndexFunc(order, func(s string) bool {
		return strings.EqualFold(strings.TrimSpace(s), device)
	}) + 1)
}

// boot answers the boot element of a device: its own ORDER, which oned adds to DISK and NIC, or
// its position in BOOT.
func (b *build) boot(order, device string) *libvirtxml.DomainDeviceBoot {
	n := b.uint("ORDER", order)
	if n == 0 {
		n = b.bootOrder(device)
	}
	if n == 0 {
		return nil
	}
	return &libvirtxml.DomainDeviceBoot{Order: n}
}

// legacyBoot adds BOOT in the format before OpenNebula 4.14: hd, cdrom, fd, network.
func (b *build) legacyBoot(os *libvirtxml.DomainOS) {
	for word := range strings.SplitSeq(b.vm.Template.Vector("OS").Get("BOOT"), ",") {
		switch word = strings.ToLower(strings.TrimSpace(word)); word {
		case "hd", "cdrom", "fd", "network":
			os.BootDevices = append(os.BootDevices, libvirtxml.DomainBootDevice{Dev: word})
		}
	}
}

// modern tells whether the machine has PCI Express, and SATA instead of IDE.
func (b *build) modern() bool {
	machine := b.key("OS", "MACHINE")
	return strings.Contains(machine, "q35") || strings.Contains(machine, "virt")
}

// pciPorts adds ports to a PCI Express machine: hotplugging a device needs a free one.
func (b *build) pciPorts() {
	if !b.modern() {
		return
	}
	add := func(model string, index uint) {
		b.dom.Devices.Controllers = append(b.dom.Devices.Controllers, libvirtxml.DomainController{
			Type: "pci", Model: model, Index: ptr(index),
		})
	}
	ports := max(1, b.uint("Q35_ROOT_PORTS", b.host().get("Q35_ROOT_PORTS")))
	add("pcie-root", 0)
	for i := range ports {
		add("pcie-root-port", i+1)
	}
	add("pcie-to-pci-bridge", ports+1)
}
