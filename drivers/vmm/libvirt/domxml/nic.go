package domxml

import (
	"fmt"
	"strings"

	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// NIC answers the XML of one NIC of vm.
func (b Builder) NIC(vm drivers.VM, h drivers.Host, nicID int) (*libvirtxml.DomainInterface, error) {
	w := b.begin(vm, h)
	for _, a := range vm.Template.Vectors("NIC") {
		if id, ok := a.Int("NIC_ID"); !ok || id != nicID {
			continue
		}
		nic := w.nic(a)
		if w.err != nil {
			return nil, fmt.Errorf("VM %d: %w", vm.ID, w.err)
		}
		return &nic, nil
	}
	return nil, fmt.Errorf("VM %d has no NIC with NIC_ID %d", vm.ID, nicID)
}

func (b *build) nics() {
	for _, a := range b.vm.Template.Vectors("NIC") {
		b.dom.Devices.Interfaces = append(b.dom.Devices.Interfaces, b.nic(a))
	}
}

func (b *build) nic(a *attr.Attr) libvirtxml.DomainInterface {
	nic := libvirtxml.DomainInterface{Boot: b.boot(a.Get("ORDER"), "nic"+a.Get("NIC_ID"))}
	b.wire(&nic, a)
	if mac := a.Get("MAC"); mac != "" {
		nic.MAC = &libvirtxml.DomainInterfaceMAC{Address: mac}
	}
	if target := a.Get("TARGET"); target != "" {
		nic.Target = &libvirtxml.DomainInterfaceTarget{Dev: target}
	}
	if script := a.Get("SCRIPT"); script != "" {
		nic.Script = &libvirtxml.DomainInterfaceScript{Path: script}
	}
	if model := b.vectorKey(a, "MODEL"); model != "" {
		nic.Model = &libvirtxml.DomainInterfaceModel{Type: model}
		queues := b.queues("VIRTIO_QUEUES", b.vectorKey(a, "VIRTIO_QUEUES"))
		if queues > 0 && model == "virtio" && b.Type == KVM { // vhost needs KVM
			nic.Driver = &libvirtxml.DomainInterfaceDriver{Name: "vhost", Queues: queues}
		}
	}
	b.filter(&nic, a)
	b.bandwidth(&nic, a)
	return nic
}

// wire connects the NIC to its bridge. Without a bridge it gets a tap device that the network
// driver may connect.
func (b *build) wire(nic *libvirtxml.DomainInterface, a *attr.Attr) {
	bridge := a.Get("BRIDGE")
	if bridge == "" || strings.EqualFold(a.Get("NETWORK_MODE"), "dummy") {
		nic.Source = &libvirtxml.DomainInterfaceSource{Ethernet: &libvirtxml.DomainInterfaceSourceEthernet{}}
		return
	}
	nic.Source = &libvirtxml.DomainInterfaceSource{Bridge: &libvirtxml.DomainInterfaceSourceBridge{Bridge: bridge}}
	switch kind := strings.ToLower(a.Get("BRIDGE_TYPE")); kind {
	case "", "linux", "none":
	case "openvswitch":
		nic.VirtualPort = &libvirtxml.DomainInterfaceVirtualPort{Params: &libvirtxml.DomainInterfaceVirtualPortParams{
			OpenVSwitch: &libvirtxml.DomainInterfaceVirtualPortParamsOpenVSwitch{},
		}}
	default:
		b.fail("NIC %s has BRIDGE_TYPE %s: the libvirt driver serves linux and openvswitch", a.Get("NIC_ID"), kind)
	}
}

// filter adds FILTER, which needs an IP address.
func (b *build) filter(nic *libvirtxml.DomainInterface, a *attr.Attr) {
	filter := b.vectorKey(a, "FILTER")
	if filter == "" || a.Get("IP") == "" {
		return
	}
	nic.FilterRef = &libvirtxml.DomainInterfaceFilterRef{Filter: filter}
	for _, key := range []string{"IP", "VROUTER_IP"} {
		if ip := a.Get(key); ip != "" {
			nic.FilterRef.Parameters = append(nic.FilterRef.Parameters,
				libvirtxml.DomainInterfaceFilterParam{Name: "IP", Value: ip})
		}
	}
}

// bandwidth adds the limits of both directions, in KiB/s and KiB.
func (b *build) bandwidth(nic *libvirtxml.DomainInterface, a *attr.Attr) {
	in, out := b.rate(a, "INBOUND"), b.rate(a, "OUTBOUND")
	if in != nil || out != nil {
		nic.Bandwidth = &libvirtxml.DomainInterfaceBandwidth{Inbound: in, Outbound: out}
	}
}

func (b *build) rate(a *attr.Attr, direction string) *libvirtxml.DomainInterfaceBandwidthParams {
	number := func(key string) *int {
		if a.Get(direction+key) == "" {
			return nil
		}
		return ptr(int(b.uint(direction+key, a.Get(direction+key))))
	}
	r := libvirtxml.DomainInterfaceBandwidthParams{
		Average: number("_AVG_BW"), Peak: number("_PEAK_BW"), Burst: number("_PEAK_KB"),
	}
	if r == (libvirtxml.DomainInterfaceBandwidthParams{}) {
		return nil
	}
	return &r
}
