package placement

import "slices"

// Device is a PCI device of a host that nobody has, or one that a VM wants: then
// the address says which, or else the numbers do, of which 0 is any.
type Device struct {
	Address               string
	Vendor, Device, Class uint64
}

// is tells whether a device is one that is wanted.
func (d Device) is(want Device) bool {
	if want.Address != "" {
		return d.Address == want.Address
	}
	return (want.Vendor == 0 || want.Vendor == d.Vendor) && (want.Device == 0 || want.Device == d.Device) && (want.Class == 0 || want.Class == d.Class)
}

// without answers what is left of devices when somebody takes what he wants:
// who names one by its address has the first choice (HostSharePCI::test).
func without(have, wanted []Device) (left []Device, enough bool) {
	left = slices.Clone(have)
	for _, byAddress := range [...]bool{true, false} {
		for _, w := range wanted {
			if (w.Address != "") != byAddress {
				continue
			}
			at := slices.IndexFunc(left, func(d Device) bool { return d.is(w) })
			if at < 0 {
				return nil, false
			}
			left = slices.Delete(left, at, at+1)
		}
	}
	return left, true
}

// equipped tells whether a host has the devices that a VM wants.
func (h *seat) equipped(v *VM) bool {
	_, enough := without(h.Devices, v.Devices)
	return enough
}
