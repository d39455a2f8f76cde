package domxml

import (
	"fmt"
	"strings"

	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Disk answers the XML of one disk of vm; the context CD is one, too.
func (b Builder) Disk(vm drivers.VM, h drivers.Host, diskID int) (*libvirtxml.DomainDisk, error) {
	w := b.begin(vm, h)
	w.disks()
	if w.err != nil {
		return nil, fmt.Errorf("VM %d: %w", vm.ID, w.err)
	}
	want := w.diskPath(diskID)
	for i := range w.dom.Devices.Disks {
		if d := &w.dom.Devices.Disks[i]; Path(d) == want {
			return d, nil
		}
	}
	return nil, fmt.Errorf("VM %d has no DISK with DISK_ID %d", vm.ID, diskID)
}

// Path answers the file or block device of a disk.
func Path(d *libvirtxml.DomainDisk) string {
	switch {
	case d.Source == nil:
		return ""
	case d.Source.File != nil:
		return d.Source.File.File
	case d.Source.Block != nil:
		return d.Source.Block.Dev
	}
	return ""
}

// disks adds all DISKs and the context CD.
func (b *build) disks() {
	iothread := uint(0)
	for _, a := range b.vm.Template.Vectors("DISK") {
		d := b.disk(a)
		b.threads(d, a, &iothread)
		b.dom.Devices.Disks = append(b.dom.Devices.Disks, d)
	}
	b.contextCD()
	b.scsiController()
}

func (b *build) disk(a *attr.Attr) libvirtxml.DomainDisk {
	id, ok := a.Int("DISK_ID")
	if !ok {
		b.fail("a DISK has no DISK_ID")
	}
	target := a.Get("TARGET")
	if target == "" {
		b.fail("DISK %d has no TARGET", id)
	}
	d := libvirtxml.DomainDisk{
		Device: "disk",
		Source: b.source(a, id),
		Driver: b.driver(a),
		Target: &libvirtxml.DomainDiskTarget{Dev: target},
		Boot:   b.boot(a.Get("ORDER"), fmt.Sprintf("disk%d", id)),
		Serial: a.Get("SERIAL"),
		IOTune: b.limits(a),
	}
	if isCDROM(a) {
		d.Device = "cdrom"
		d.Driver.Type = "raw"
		d.ReadOnly = &libvirtxml.DomainDiskReadOnly{}
	}
	if isYes(a.Get("READONLY")) {
		d.ReadOnly = &libvirtxml.DomainDiskReadOnly{}
	}
	if isYes(a.Get("SHAREABLE")) {
		d.Shareable = &libvirtxml.DomainDiskShareable{}
	}
	b.plug(&d)
	return d
}

func isCDROM(a *attr.Attr) bool { return strings.HasSuffix(strings.ToUpper(a.Get("TYPE")), "CDROM") }

// source is the path where the transfer driver has put the disk. A volatile disk has fs or swap
// as its TYPE; DISK_TYPE says whether it is a file or a block device.
func (b *build) source(a *attr.Attr, id int) *libvirtxml.DomainDiskSource {
	kind := strings.ToUpper(a.Get("TYPE"))
	if kind == "FS" || kind == "SWAP" {
		kind = strings.ToUpper(a.Get("DISK_TYPE"))
	}
	path := b.diskPath(id)
	switch {
	case kind == "BLOCK", kind == "BLOCK_CDROM", kind == "CDROM" && strings.EqualFold(a.Get("DISK_TYPE"), "BLOCK"):
		return &libvirtxml.DomainDiskSource{Block: &libvirtxml.DomainDiskSourceBlock{Dev: path}}
	case kind == "", kind == "FILE", kind == "CDROM":
		return &libvirtxml.DomainDiskSource{File: &libvirtxml.DomainDiskSourceFile{File: path}}
	}
	b.fail("DISK %d has TYPE %s: the libvirt driver serves FILE, CDROM, BLOCK and volatile disks", id, kind)
	return nil
}

func (b *build) driver(a *attr.Attr) *libvirtxml.DomainDiskDriver {
	format := a.Get("DRIVER")
	if format == "" {
		format = a.Get("FORMAT") // of volatile disks
	}
	if format == "" {
		format = b.host().key("DISK", "DRIVER")
	}
	return &libvirtxml.DomainDiskDriver{
		Name:    "qemu",
		Type:    strings.ToLower(format),
		Cache:   strings.ToLower(b.vectorKey(a, "CACHE")),
		IO:      strings.ToLower(b.vectorKey(a, "IO")),
		Discard: strings.ToLower(b.vectorKey(a, "DISCARD")),
	}
}

// plug chooses the bus from the target's prefix, and for CD-ROMs from what the machine
// supports. SCSI disks are attached in the order of their targets.
func (b *build) plug(d *libvirtxml.DomainDisk) {
	dev := d.Target.Dev
	switch {
	case d.Device != "cdrom" && strings.HasPrefix(dev, "vd"):
		d.Target.Bus = "virtio"
	case d.Device != "cdrom" && strings.HasPrefix(dev, "sd"):
		d.Target.Bus = b.sdBus()
	case b.modern():
		d.Target.Bus = "sata"
	default:
		d.Target.Bus = "ide"
	}
	if n := letters(strings.TrimPrefix(dev, "sd")); d.Target.Bus == "scsi" && n < 256 {
		d.Address = &libvirtxml.DomainAddress{Drive: &libvirtxml.DomainAddressDrive{
			Controller: ptr(uint(0)), Bus: ptr(uint(0)), Target: ptr(n), Unit: ptr(uint(0)),
		}}
	}
}

func (b *build) sdBus() string {
	if bus := b.key("OS", "SD_DISK_BUS"); bus != "" {
		return bus
	}
	return "scsi"
}

// letters counts a, b, … z, aa, ab … from 0.
func letters(s string) uint {
	n := uint(0)
	for _, c := range s {
		n = n*26 + uint(c-'a') + 1
	}
	return n - 1
}

// threads assigns virtio disks to the domain's I/O threads round-robin, and sets their queues.
func (b *build) threads(d libvirtxml.DomainDisk, a *attr.Attr, last *uint) {
	if d.Target.Bus != "virtio" {
		return
	}
	if count := b.uint("IOTHREADS", b.key("FEATURES", "IOTHREADS")); count > 0 {
		own := b.uint("IOTHREAD", a.Get("IOTHREAD"))
		if own == 0 || own > count {
			*last = *last%count + 1
			own = *last
		}
		d.Driver.IOThread = &own
	}
	queues := a.Get("VIRTIO_BLK_QUEUES")
	if queues == "" {
		queues = b.key("FEATURES", "VIRTIO_BLK_QUEUES")
	}
	if n := b.queues("VIRTIO_BLK_QUEUES", queues); n > 0 {
		d.Driver.Queues = &n
	}
}

// contextCD adds the context CD, if it has a target.
func (b *build) contextCD() {
	c := b.vm.Template.Vector("CONTEXT")
	id, ok := c.Int("DISK_ID")
	if !ok || c.Get("TARGET") == "" {
		return
	}
	d := libvirtxml.DomainDisk{
		Device:   "cdrom",
		Source:   &libvirtxml.DomainDiskSource{File: &libvirtxml.DomainDiskSourceFile{File: b.diskPath(id)}},
		Driver:   &libvirtxml.DomainDiskDriver{Name: "qemu", Type: "raw", Cache: "none"},
		Target:   &libvirtxml.DomainDiskTarget{Dev: c.Get("TARGET")},
		ReadOnly: &libvirtxml.DomainDiskReadOnly{},
	}
	b.plug(&d)
	b.dom.Devices.Disks = append(b.dom.Devices.Disks, d)
}

// scsiController is added even if no disk uses it, so that disks can be attached to it while
// the VM runs.
func (b *build) scsiController() {
	queues := max(1, b.queues("VIRTIO_SCSI_QUEUES", b.key("FEATURES", "VIRTIO_SCSI_QUEUES")))
	b.dom.Devices.Controllers = append(b.dom.Devices.Controllers, libvirtxml.DomainController{
		Type: "scsi", Index: ptr(uint(0)), Model: "virtio-scsi",
		Driver: &libvirtxml.DomainControllerDriver{Queues: &queues},
	})
}
