package vm

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
)

// Disk returns the DISK with a DISK_ID, or nil. It points into the template.
func (v *VM) Disk(id int) *attr.Attr { return byID(v.Template.Vectors("DISK"), "DISK_ID", id) }

// NIC returns the NIC, NIC_ALIAS or PCI of type NIC with a NIC_ID, or nil.
func (v *VM) NIC(id int) *attr.Attr { return byID(v.nics(), "NIC_ID", id) }

// nics lists NICs, PCI devices of type NIC and aliases, in this order.
func (v *VM) nics() []*attr.Attr {
	return append(v.Cards(), v.Template.Vectors("NIC_ALIAS")...)
}

// Cards lists the NICs and the PCI devices of type NIC: those that have an interface on the host.
func (v *VM) Cards() []*attr.Attr {
	list := v.Template.Vectors("NIC")
	for _, pci := range v.Template.Vectors("PCI") {
		if pci.Get("TYPE") == "NIC" {
			list = append(list, pci)
		}
	}
	return list
}

// DiskSnapshots returns the snapshots of a disk, or nil if it has none.
func (v *VM) DiskSnapshots(disk int) *image.Snapshots {
	for i := range v.Snapshots {
		if v.Snapshots[i].DiskID == disk {
			return &v.Snapshots[i]
		}
	}
	return nil
}

func byID(list []*attr.Attr, key string, id int) *attr.Attr {
	for _, a := range list {
		if n, ok := a.Int(key); ok && n == id {
			return a
		}
	}
	return nil
}

// forget removes the vector with an ID from the template.
func forget(v *VM, name, key string, id int) {
	v.Template.DelFunc(func(a *attr.Attr) bool {
		n, ok := a.Int(key)
		return a.Name == name && ok && n == id
	})
}

func diskID(d *attr.Attr) int { return idOf(d, "DISK_ID") }
func nicID(n *attr.Attr) int  { return idOf(n, "NIC_ID") }

func idOf(a *attr.Attr, key string) int {
	if n, ok := a.Int(key); ok {
		return n
	}
	return -1
}

// splitIDs parses a list such as "0,100".
func splitIDs(list string) (ids []int) {
	for part := range strings.SplitSeq(list, ",") {
		if n, err := strconv.Atoi(strings.TrimSpace(part)); err == nil {
			ids = append(ids, n)
		}
	}
	return ids
}

func joinIDs(ids []int) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.Itoa(id)
	}
	return strings.Join(words, ",")
}

func decimal(n int) string { return strconv.Itoa(n) }
