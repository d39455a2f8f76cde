package placement

import (
	"fmt"
	"slices"
)

// seat takes a host into the round.
func (r *round) seat(h Host) {
	s := &seat{h}
	s.Roles = nil
	for role, n := range h.Roles {
		if n > 0 {
			r.homes[role] = append(r.homes[role], s)
		}
	}
	r.hosts = append(r.hosts, s)
}

// settle notes where a VM with bonds was placed: others are bound to it then.
func (r *round) settle(h *seat, v *VM) {
	if v.Bonds != nil && !slices.Contains(r.homes[v.Bonds.Role], h) {
		r.homes[v.Bonds.Role] = append(r.homes[v.Bonds.Role], h)
	}
}

// parts says what the bonds of a VM have against a host; "" is nothing.
func (r *round) parts(h *seat, v *VM) string {
	b := v.Bonds
	if b == nil {
		return ""
	}
	if slices.Contains(b.NotHosts, h.ID) || len(b.Hosts) > 0 && !slices.Contains(b.Hosts, h.ID) {
		return "the role of the VM does not allow it"
	}
	for _, role := range b.Apart {
		if slices.Contains(r.homes[role], h) {
			return fmt.Sprintf("it has VMs of role %s, which the VM is to be apart from", role.Name)
		}
	}
	for _, role := range b.Together {
		if homes := r.homes[role]; len(homes) > 0 && !slices.Contains(homes, h) {
			return fmt.Sprintf("VMs of role %s, which the VM is to be together with, are on %s", role.Name, homes[0].Name)
		}
	}
	return ""
}
