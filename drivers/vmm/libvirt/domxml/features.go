package domxml

import (
	"encoding/xml"

	"libvirt.org/go/libvirtxml"
)

// features adds FEATURES and the clock.
func (b *build) features() {
	f := &libvirtxml.DomainFeatureList{}
	on := &libvirtxml.DomainFeature{}
	if b.yes("FEATURES", "PAE") {
		f.PAE = on
	}
	if b.yes("FEATURES", "ACPI") {
		f.ACPI = on
	}
	if b.yes("FEATURES", "APIC") {
		f.APIC = &libvirtxml.DomainFeatureAPIC{}
	}
	if b.yes("OS", "FIRMWARE_SECURE") {
		f.SMM = &libvirtxml.DomainFeatureSMM{State: "on"}
	}
	if b.yes("FEATURES", "HYPERV") {
		f.HyperV = &libvirtxml.DomainFeatureHyperV{}
		b.fragment("HYPERV_OPTIONS", "hyperv", f.HyperV)
	}
	b.dom.Features = f
	b.clock()
	b.dom.IOThreads = b.uint("IOTHREADS", b.key("FEATURES", "IOTHREADS"))
	if b.yes("FEATURES", "GUEST_AGENT") {
		b.guestAgent()
	}
}

func (b *build) clock() {
	b.dom.Clock = &libvirtxml.DomainClock{Offset: "utc"}
	if b.yes("FEATURES", "HYPERV") {
		b.fragment("HYPERV_TIMERS", "clock", b.dom.Clock)
	}
	if b.yes("FEATURES", "LOCALTIME") {
		b.dom.Clock.Offset = "localtime"
	}
}

// fragment parses the XML in an attribute into v, as children of an element.
func (b *build) fragment(name, element string, v any) {
	text := "<" + element + ">" + b.get(name) + "</" + element + ">"
	if err := xml.Unmarshal([]byte(text), v); err != nil {
		b.fail("%s is not the XML it should be: %w", name, err)
	}
}

func (b *build) guestAgent() {
	b.dom.Devices.Channels = append(b.dom.Devices.Channels, libvirtxml.DomainChannel{
		Source: &libvirtxml.DomainChardevSource{UNIX: &libvirtxml.DomainChardevSourceUNIX{Mode: "bind"}},
		Target: &libvirtxml.DomainChannelTarget{VirtIO: &libvirtxml.DomainChannelTargetVirtIO{Name: "org.qemu.guest_agent.0"}},
	})
}
