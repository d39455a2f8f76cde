package domxml

import (
	"path"
	"strconv"
	"strings"

	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// devices adds everything but disks and NICs.
func (b *build) devices() {
	b.console()
	b.graphics()
	b.video()
	b.input()
	b.random()
	b.passthrough()
	if model := b.key("TPM", "MODEL"); model != "" {
		b.dom.Devices.TPMs = []libvirtxml.DomainTPM{{
			Model:   model,
			Backend: &libvirtxml.DomainTPMBackend{Emulator: &libvirtxml.DomainTPMBackendEmulator{Version: "2.0"}},
		}}
	}
}

// console is a serial port for virsh console, whose output is also written to a file next to
// the disks.
func (b *build) console() {
	pty := &libvirtxml.DomainChardevSource{Pty: &libvirtxml.DomainChardevSourcePty{}}
	b.dom.Devices.Serials = []libvirtxml.DomainSerial{{
		Source: pty, Target: &libvirtxml.DomainSerialTarget{Port: ptr(uint(0))},
		Log: &libvirtxml.DomainChardevLog{File: path.Join(b.vm.Dir, ConsoleLog), Append: "on"},
	}}
	b.dom.Devices.Consoles = []libvirtxml.DomainConsole{{
		Source: pty, Target: &libvirtxml.DomainConsoleTarget{Type: "serial", Port: ptr(uint(0))},
	}}
}

// oned's range of ports for VNC and SPICE: the first, and how many.
const (
	firstGraphicsPort = 5900
	graphicsPorts     = 65536 - firstGraphicsPort
)

// graphics adds GRAPHICS.
func (b *build) graphics() {
	g := b.vm.Template.Vector("GRAPHICS")
	kind := strings.ToLower(b.key("GRAPHICS", "TYPE"))
	if g == nil || kind == "" {
		return
	}
	port, auto := b.graphicsPort(g)
	listen, passwd, keymap := b.key("GRAPHICS", "LISTEN"), b.key("GRAPHICS", "PASSWD"), b.key("GRAPHICS", "KEYMAP")
	var device libvirtxml.DomainGraphic
	switch kind {
	case "vnc":
		device.VNC = &libvirtxml.DomainGraphicVNC{Port: port, AutoPort: auto, Listen: listen, Passwd: passwd, Keymap: keymap}
	case "spice":
		device.Spice = &libvirtxml.DomainGraphicSpice{Port: port, AutoPort: auto, Listen: listen, Passwd: passwd, Keymap: keymap}
		b.fragment("SPICE_OPTIONS", "devices", b.dom.Devices)
	default:
		b.fail("GRAPHICS/TYPE = %q: use VNC or SPICE", kind)
	}
	b.dom.Devices.Graphics = []libvirtxml.DomainGraphic{device}
}

// graphicsPort answers PORT, or the one that oned would choose; -1 leaves the choice to
// libvirt.
func (b *build) graphicsPort(g *attr.Attr) (port int, auto string) {
	text := g.Get("PORT")
	if text == "" {
		return firstGraphicsPort + b.vm.ID%graphicsPorts, "no"
	}
	if text == "-1" {
		return -1, "yes"
	}
	port, err := strconv.Atoi(text)
	if err != nil || port < 1 || port > 65535 {
		b.fail("GRAPHICS/PORT = %q is no port", text)
	}
	return port, "no"
}

// video adds VIDEO.
func (b *build) video() {
	if b.vm.Template.Vector("VIDEO") == nil {
		return
	}
	v := libvirtxml.DomainVideo{}
	v.Model.Type = strings.ToLower(b.key("VIDEO", "TYPE"))
	if v.Model.Type != "none" {
		if vram := b.uint("VIDEO/VRAM", b.key("VIDEO", "VRAM")); vram >= 1024 {
			v.Model.VRam = vram
		}
		v.Model.Resolution = b.resolution(v.Model.Type)
	}
	if iommu, ats := b.yes("VIDEO", "IOMMU"), b.yes("VIDEO", "ATS"); v.Model.Type == "virtio" && (iommu || ats) {
		v.Driver = &libvirtxml.DomainVideoDriver{IOMMU: on(iommu), ATS: on(ats)}
	}
	b.dom.Devices.Videos = append(b.dom.Devices.Videos, v)
}

func on(v bool) string {
	if v {
		return "on"
	}
	return ""
}

func (b *build) resolution(model string) *libvirtxml.DomainVideoResolution {
	text := b.key("VIDEO", "RESOLUTION")
	if text == "" || model == "cirrus" {
		return nil
	}
	x, y, ok := strings.Cut(text, "x")
	r := &libvirtxml.DomainVideoResolution{X: b.uint("VIDEO/RESOLUTION", x), Y: b.uint("VIDEO/RESOLUTION", y)}
	if !ok || r.X == 0 || r.Y == 0 {
		b.fail("VIDEO/RESOLUTION = %q: write it as 1280x720", text)
	}
	return r
}

func (b *build) input() {
	for _, a := range b.vm.Template.Vectors("INPUT") {
		if kind := a.Get("TYPE"); kind != "" {
			b.dom.Devices.Inputs = append(b.dom.Devices.Inputs,
				libvirtxml.DomainInput{Type: strings.ToLower(kind), Bus: strings.ToLower(a.Get("BUS"))})
		}
	}
}

// random adds RNG: an entropy source from the host.
func (b *build) random() {
	wanted, _ := b.vm.Template.Bool("RNG")
	if !wanted && b.vm.Template.Vector("RNG") == nil {
		return
	}
	b.dom.Devices.RNGs = []libvirtxml.DomainRNG{{
		Model:   "virtio",
		Backend: &libvirtxml.DomainRNGBackend{Random: &libvirtxml.DomainRNGBackendRandom{Device: "/dev/urandom"}},
	}}
}

// passthrough adds PCI: devices of the host that the scheduler has chosen.
func (b *build) passthrough() {
	for _, a := range b.vm.Template.Vectors("PCI") {
		b.dom.Devices.Hostdevs = append(b.dom.Devices.Hostdevs, libvirtxml.DomainHostdev{
			Managed: "yes",
			SubsysPCI: &libvirtxml.DomainHostdevSubsysPCI{Source: &libvirtxml.DomainHostdevSubsysPCISource{
				Address: &libvirtxml.DomainAddressPCI{
					Domain: b.hex(a, "DOMAIN"), Bus: b.hex(a, "BUS"), Slot: b.hex(a, "SLOT"), Function: b.hex(a, "FUNCTION"),
				},
			}},
		})
	}
}

func (b *build) hex(a *attr.Attr, key string) *uint {
	n, err := strconv.ParseUint(strings.TrimPrefix(a.Get(key), "0x"), 16, 16)
	if err != nil {
		b.fail("PCI/%s = %q is no part of a PCI address", key, a.Get(key))
	}
	return ptr(uint(n))
}
