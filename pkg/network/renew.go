package network

import (
	"maps"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// renewable are the attributes that an update of a network also changes in existing NICs
// (VirtualNetwork::set_updated_attributes); all others only reach new NICs.
var renewable = []string{
	"PHYDEV", "MTU", "VLAN_ID", "QINQ_TYPE", "CVLANS", "VLAN_TAGGED_ID", "OUTER_VLAN_ID",
	"INBOUND_AVG_BW", "INBOUND_PEAK_BW", "INBOUND_PEAK_KB",
	"OUTBOUND_AVG_BW", "OUTBOUND_PEAK_BW", "OUTBOUND_PEAK_KB",
	"SPOOFCHK", "TRUST",
}

// getter is a template or an address range.
type getter interface{ Get(name string) string }

// changed returns the attributes that differ between old and new, with their old values.
func changed(old, new getter, names []string) map[string]string {
	was := map[string]string{}
	for _, name := range names {
		if value := old.Get(name); value != new.Get(name) {
			was[name] = value
		}
	}
	return was
}

// outdate lists VMs as outdated, with the old values of what changed. Earlier changes that have
// not reached a VM are kept.
func (n *VNet) outdate(tx *store.Tx, vms []int, was map[string]string) {
	if len(was) == 0 {
		return
	}
	for _, vm := range vms {
		l := &Lag{VNet: n.ID, VM: vm, Stage: Outdated, Was: maps.Clone(was)}
		if earlier, ok := Lags.Get(tx, store.Pair(n.ID, vm)); ok {
			maps.Copy(l.Was, earlier.Was)
			l.Due, l.Before = earlier.Due, slices.Clone(earlier.Before)
		}
		SetLag(tx, l)
	}
	if n.State == one.VNetUpdateFailure {
		n.State = one.VNetReady
	}
}

// Renew copies the changed attributes from the network into a NIC, and reports whether the NIC
// has changed. It keeps what the VM's owner set differently (VirtualNetwork::nic_update).
func (n *VNet) Renew(nic *attr.Attr, was map[string]string) bool {
	before := nic.Clone()
	for name, old := range was {
		if value, has := nic.Lookup(name); has && value != old {
			continue
		}
		nic.Del(name)
		setGiven(nic, name, n.says(nic, name))
	}
	return !nic.Equal(&before)
}

// Written records that the VM's NICs have the new values; its host must be updated next.
func (l *Lag) Written() {
	l.Due = true
	was := map[string]string{}
	for _, name := range leading {
		if value, changed := l.Was[name]; changed {
			was[name] = value
		}
	}
	if len(was) > 0 {
		l.Before = append(l.Before, was)
	}
}

// leading are the attributes that say where a network leads to: a device and VLANs.
var leading = []string{"PHYDEV", "VLAN_ID", "CVLANS", "VLAN_TAGGED_ID"}

// says returns the value of an attribute for a NIC: that of its range, or else the network's.
func (n *VNet) says(nic *attr.Attr, name string) string {
	if id, ok := nic.Int("AR_ID"); ok {
		if a, ok := n.ar(id); ok && a.Attrs.Get(name) != "" {
			return a.Attrs.Get(name)
		}
	}
	return n.Template.Get(name)
}
