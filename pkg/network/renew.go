package network

import (
	"maps"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// renewable are the attributes of a network that reach the NICs that are in it
// already (VirtualNetwork::set_updated_attributes); the rest is for new ones.
var renewable = []string{
	"PHYDEV", "MTU", "VLAN_ID", "QINQ_TYPE", "CVLANS", "VLAN_TAGGED_ID", "OUTER_VLAN_ID",
	"INBOUND_AVG_BW", "INBOUND_PEAK_BW", "INBOUND_PEAK_KB",
	"OUTBOUND_AVG_BW", "OUTBOUND_PEAK_BW", "OUTBOUND_PEAK_KB",
	"SPOOFCHK", "TRUST",
}

// getter is a template, or an address range.
type getter interface{ Get(name string) string }

// changed answers which of the attributes are not what they were, with what they
// were.
func changed(old, new getter, names []string) map[string]string {
	was := map[string]string{}
	for _, name := range names {
		if value := old.Get(name); value != new.Get(name) {
			was[name] = value
		}
	}
	return was
}

// outdate lists VMs as having what the network said before. What a VM has not
// been told of earlier changes is still to be told.
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

// Renew gives a NIC what the network says now of the attributes that changed,
// and tells whether that changed the NIC. A NIC whose owner wanted something
// else keeps that (VirtualNetwork::nic_update).
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

// Written notes that the VM's NICs say what changed, and that its host is to be
// told.
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

// leading are the attributes that say where a network leads.
var leading = []string{"PHYDEV", "VLAN_ID", "CVLANS", "VLAN_TAGGED_ID"}

// says answers what a NIC gets from its range, or else from the network.
func (n *VNet) says(nic *attr.Attr, name string) string {
	if id, ok := nic.Int("AR_ID"); ok {
		if a, ok := n.ar(id); ok && a.Attrs.Get(name) != "" {
			return a.Attrs.Get(name)
		}
	}
	return n.Template.Get(name)
}
