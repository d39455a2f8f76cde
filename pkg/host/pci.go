package host

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// PCI is a device of a host for PCI passthrough.
type PCI struct {
	Attrs attr.Attr `cbor:"1,keyasint"` // the attributes in PCI_DEVICES, without VMID
	VM    int       `cbor:"2,keyasint"` // the VM that has it, -1 for none
	ID    int       `cbor:"3,keyasint"` // its PCI_ID in that VM
}

const nobody = -1

// promised marks a device while Offers checks whether there are enough.
const promised = -2

// AssignPCI allocates the requested devices to a VM, and releases those that it no longer
// requests. Devices that it has stay the same. With describes, the addresses of the devices are
// written into wanted: this is for the host that the VM is on, or moves to.
func AssignPCI(tx *store.Tx, id, vm int, wanted []*attr.Attr, describes bool) error {
	h, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	changed := h.keepOnly(vm, wanted)
	for _, byAddress := range [...]bool{true, false} { // requests for a certain address come first
		for _, w := range wanted {
			if onlyByAddress(w) != byAddress {
				continue
			}
			dev := h.owned(vm, w)
			if dev == nil {
				if dev = h.free(w); dev == nil {
					return one.Errorf(one.CodeAction, "Cannot assign PCI device in host. Check address and free devices")
				}
				dev.VM, changed = vm, true
				dev.ID, _ = w.Int("PCI_ID")
			}
			if describes {
				describePCI(w, dev)
			}
		}
	}
	if changed {
		Kind.Put(tx, h)
	}
	return nil
}

// FreePCI releases all PCI devices that a VM has of a host.
func FreePCI(tx *store.Tx, id, vm int) {
	h, err := Kind.Edit(tx, id)
	if err == nil && h.keepOnly(vm, nil) {
		Kind.Put(tx, h)
	}
}

// keepOnly releases the devices of a VM that it no longer requests, and reports whether there
// were any.
func (h *Host) keepOnly(vm int, wanted []*attr.Attr) (changed bool) {
	keep := map[int]bool{}
	for _, w := range wanted {
		id, _ := w.Int("PCI_ID")
		keep[id] = true
	}
	for i := range h.PCIs {
		if d := &h.PCIs[i]; d.VM == vm && !keep[d.ID] {
			d.VM, changed = nobody, true
		}
	}
	return changed
}

func (h *Host) owned(vm int, w *attr.Attr) *PCI {
	id, _ := w.Int("PCI_ID")
	for i := range h.PCIs {
		if d := &h.PCIs[i]; d.VM == vm && d.ID == id {
			return d
		}
	}
	return nil
}

// FreePCIs lists the devices that no VM has.
func (h *Host) FreePCIs() (list []PCI) {
	for _, d := range h.PCIs {
		if d.VM == nobody {
			list = append(list, d)
		}
	}
	return list
}

// Offers reports whether the host has free devices for all requests.
func (h *Host) Offers(wanted []*attr.Attr) bool {
	h = h.Clone()
	for _, byAddress := range [...]bool{true, false} {
		for _, w := range wanted {
			if onlyByAddress(w) != byAddress {
				continue
			}
			dev := h.free(w)
			if dev == nil {
				return false
			}
			dev.VM = promised
		}
	}
	return true
}

// PCIWish reads which device a VM requests: the one at an address, or one of a vendor, device
// and class, where 0 means any.
func PCIWish(w *attr.Attr) (address string, vendor, device, class uint64) {
	if onlyByAddress(w) {
		return w.Get("SHORT_ADDRESS"), 0, 0, 0
	}
	return "", hex(w.Get("VENDOR")), hex(w.Get("DEVICE")), hex(w.Get("CLASS"))
}

// PCIKind reads address, vendor, device and class of a device.
func PCIKind(d *attr.Attr) (address string, vendor, device, class uint64) {
	return d.Get("SHORT_ADDRESS"), hex(d.Get("VENDOR")), hex(d.Get("DEVICE")), hex(d.Get("CLASS"))
}

func (h *Host) free(w *attr.Attr) *PCI {
	for i := range h.PCIs {
		if d := &h.PCIs[i]; d.VM == nobody && d.is(w) {
			return d
		}
	}
	return nil
}

// is reports whether a device matches a request. Vendor, device and class take precedence over
// the address: the address of a request may be that of the VM's device on its previous host.
func (d *PCI) is(w *attr.Attr) bool {
	if onlyByAddress(w) {
		return d.Attrs.Get("SHORT_ADDRESS") == w.Get("SHORT_ADDRESS")
	}
	for _, key := range pciKind {
		if want := hex(w.Get(key)); want != 0 && want != hex(d.Attrs.Get(key)) {
			return false
		}
	}
	return true
}

var pciKind = [...]string{"VENDOR", "DEVICE", "CLASS"}

func onlyByAddress(w *attr.Attr) bool {
	for _, key := range pciKind {
		if hex(w.Get(key)) != 0 {
			return false
		}
	}
	return w.Get("SHORT_ADDRESS") != ""
}

func hex(text string) uint64 {
	n, _ := strconv.ParseUint(strings.TrimPrefix(text, "0x"), 16, 32)
	return n
}

// describePCI writes the address of an allocated device into a VM's request. If there was
// another one, it becomes PREV_ADDRESS.
func describePCI(w *attr.Attr, dev *PCI) {
	if old := w.Get("ADDRESS"); old != "" && old != dev.Attrs.Get("ADDRESS") {
		w.Set("PREV_ADDRESS", old)
	}
	for _, key := range []string{
		"DOMAIN", "BUS", "SLOT", "FUNCTION", "ADDRESS", "SHORT_ADDRESS", "VENDOR", "DEVICE", "CLASS", "NUMA_NODE",
	} {
		if value := dev.Attrs.Get(key); value != "" {
			w.Set(key, value)
		}
	}
}

// seePCI updates the list of devices from monitoring. A device that a VM has stays in the list.
func (h *Host) seePCI(seen []drivers.PCIDevice) {
	var list []PCI
	there := map[string]bool{}
	for _, s := range seen {
		d := PCI{Attrs: pciAttrs(s), VM: nobody}
		for _, old := range h.PCIs {
			if old.Attrs.Get("ADDRESS") == s.Address {
				d.VM, d.ID = old.VM, old.ID
			}
		}
		there[s.Address] = true
		list = append(list, d)
	}
	for _, old := range h.PCIs {
		if old.VM != nobody && !there[old.Attrs.Get("ADDRESS")] {
			list = append(list, old)
		}
	}
	h.PCIs = list
}

// pciAttrs are the attributes of a device as in OpenNebula, whose addresses are
// domain:bus:slot:function.
func pciAttrs(d drivers.PCIDevice) attr.Attr {
	parts := append(strings.Split(d.Address, ":"), "", "", "", "")
	return attr.NewVector("PCI",
		attr.Pair{Key: "ADDRESS", Value: d.Address},
		attr.Pair{Key: "SHORT_ADDRESS", Value: parts[1] + ":" + parts[2] + "." + parts[3]},
		attr.Pair{Key: "DOMAIN", Value: parts[0]}, attr.Pair{Key: "BUS", Value: parts[1]},
		attr.Pair{Key: "SLOT", Value: parts[2]}, attr.Pair{Key: "FUNCTION", Value: parts[3]},
		attr.Pair{Key: "VENDOR", Value: d.Vendor}, attr.Pair{Key: "VENDOR_NAME", Value: d.VendorName},
		attr.Pair{Key: "DEVICE", Value: d.Device}, attr.Pair{Key: "DEVICE_NAME", Value: d.DeviceName},
		attr.Pair{Key: "CLASS", Value: d.Class}, attr.Pair{Key: "CLASS_NAME", Value: d.ClassName},
		attr.Pair{Key: "TYPE", Value: d.Vendor + ":" + d.Device + ":" + d.Class},
		attr.Pair{Key: "NUMA_NODE", Value: strconv.Itoa(d.NUMANode)},
	)
}

// samePCI reports whether two lists are equal.
func samePCI(a, b []PCI) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].VM != b[i].VM || a[i].ID != b[i].ID || !a[i].Attrs.Equal(&b[i].Attrs) {
			return false
		}
	}
	return true
}
