package domxml

import (
	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// limits adds the I/O limits of a disk. libvirt refuses a total together with a limit of one
// direction; the total wins, as in OpenNebula. A burst has to be above its limit, and only
// bursts have a length.
func (b *build) limits(a *attr.Attr) *libvirtxml.DomainDiskIOTune {
	t := &libvirtxml.DomainDiskIOTune{}
	limit := func(name string, sec, most, length *uint64) bool {
		*sec = b.limit(a, name)
		if burst := b.limit(a, name+"_MAX"); burst > *sec {
			*most, *length = burst, b.limit(a, name+"_MAX_LENGTH")
		}
		return *sec > 0 || *most > 0
	}
	if !limit("TOTAL_BYTES_SEC", &t.TotalBytesSec, &t.TotalBytesSecMax, &t.TotalBytesSecMaxLength) {
		limit("READ_BYTES_SEC", &t.ReadBytesSec, &t.ReadBytesSecMax, &t.ReadBytesSecMaxLength)
		limit("WRITE_BYTES_SEC", &t.WriteBytesSec, &t.WriteBytesSecMax, &t.WriteBytesSecMaxLength)
	}
	if !limit("TOTAL_IOPS_SEC", &t.TotalIopsSec, &t.TotalIopsSecMax, &t.TotalIopsSecMaxLength) {
		limit("READ_IOPS_SEC", &t.ReadIopsSec, &t.ReadIopsSecMax, &t.ReadIopsSecMaxLength)
		limit("WRITE_IOPS_SEC", &t.WriteIopsSec, &t.WriteIopsSecMax, &t.WriteIopsSecMaxLength)
	}
	if t.TotalIopsSec+t.ReadIopsSec+t.WriteIopsSec > 0 {
		t.SizeIopsSec = b.limit(a, "SIZE_IOPS_SEC")
	}
	if *t == (libvirtxml.DomainDiskIOTune{}) {
		return nil
	}
	return t
}

func (b *build) limit(a *attr.Attr, name string) uint64 {
	return b.uint64(name, b.vectorKey(a, name))
}
