package domxml

import (
	"fmt"
	"path"
	"strings"

	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Hypervisor types of libvirt domains.
const (
	KVM  = "kvm"  // with the CPU's virtualization
	QEMU = "qemu" // emulated
)

// ConsoleLog is the file in VM.Dir with the output of the guest's first serial port.
const ConsoleLog = "console.log"

// Builder makes domain XML.
type Builder struct {
	Type     string        // KVM or QEMU
	Defaults attr.Template // from vmm_exec_kvm.conf
	NoShares bool          // omit CPU shares, as the host has no cgroups
}

// Name is the name of a VM's domain, on every host.
func Name(vmID int) string { return fmt.Sprintf("one-%d", vmID) }

// VMID answers the ID of the VM whose domain has that name, or -1 if it is not one of ours.
func VMID(name string) int {
	var id int
	if n, err := fmt.Sscanf(name, "one-%d", &id); n != 1 || err != nil || id < 0 || name != Name(id) {
		return -1
	}
	return id
}

// build is the XML of one VM while it is made.
type build struct {
	Builder
	*scope
	vm  drivers.VM
	dom *libvirtxml.Domain
}

func (b Builder) begin(vm drivers.VM, h drivers.Host) *build {
	return &build{
		Builder: b,
		scope:   &scope{layers: []attr.Template{vm.Template, h.Attrs, b.Defaults}},
		vm:      vm,
		dom:     &libvirtxml.Domain{Devices: &libvirtxml.DomainDeviceList{}},
	}
}

// Domain answers the domain XML of vm on h. Invalid values in the template are errors that name
// the attribute.
func (b Builder) Domain(vm drivers.VM, h drivers.Host) (string, error) {
	w := b.begin(vm, h)
	w.identity()
	w.processor()
	w.memory()
	w.operatingSystem()
	w.features()
	w.disks()
	w.nics()
	w.devices()
	if w.err != nil {
		return "", fmt.Errorf("VM %d: %w", vm.ID, w.err)
	}
	text, err := w.dom.Marshal()
	if err != nil {
		return "", fmt.Errorf("VM %d: %w", vm.ID, err)
	}
	return w.addRaw(text)
}

func (b *build) identity() {
	b.dom.Type = b.Type
	b.dom.Name = Name(b.vm.ID)
	b.dom.Title = oneLine(b.vm.Name)
	b.dom.UUID = b.vm.Template.Vector("OS").Get("UUID")
	b.dom.Metadata = &libvirtxml.DomainMetadata{XML: b.metadata()}
	b.dom.Devices.Emulator = b.get("EMULATOR")
}

// oneLine is the name on one line, as libvirt's titles must not have line breaks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// metadata is the element that OpenNebula's tools read, with the VM's ID.
func (b *build) metadata() string {
	var s strings.Builder
	s.WriteString(`<one:vm xmlns:one="http://opennebula.org/xmlns/libvirt/1.0">`)
	for _, e := range [][2]string{
		{"id", fmt.Sprint(b.vm.ID)},
		{"name", b.vm.Name},
		{"system_datastore", b.vm.Dir},
	} {
		fmt.Fprintf(&s, "<one:%s>%s</one:%s>", e[0], escape(e[1]), e[0])
	}
	s.WriteString("</one:vm>")
	return s.String()
}

// DiskPath is the path where the transfer driver has put a disk of vm.
func DiskPath(vm drivers.VM, diskID int) string {
	return path.Join(vm.Dir, fmt.Sprintf("disk.%d", diskID))
}

func (b *build) diskPath(id int) string { return DiskPath(b.vm, id) }
