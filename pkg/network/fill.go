package network

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// describe writes into a NIC what it is connected to. The NIC of a virtual router only names
// the network: the router's VMs get NICs of their own from it.
func (n *VNet) describe(h Holder, nic *attr.Attr) {
	nic.Set("NETWORK", n.Name)
	nic.Set("NETWORK_ID", decimal(n.ID))
	if h.Kind != one.KindVM {
		return
	}
	nic.Set("BRIDGE", n.Bridge)
	setGiven(nic, "BRIDGE_TYPE", n.BridgeType)
	setGiven(nic, "VN_MAD", n.VNMad)
	setGiven(nic, "PHYDEV", n.PhyDev)
	setGiven(nic, "VLAN_ID", n.VLANID)
	setGiven(nic, "OUTER_VLAN_ID", n.OuterVLANID)
	if n.IsReservation() {
		nic.Set("PARENT_NETWORK_ID", decimal(n.ParentID))
	}
	if nic.Get("TARGET") == "" {
		nic.Set("TARGET", "one-"+decimal(h.ID)+"-"+nic.Get("NIC_ID"))
	}
	nic.Set("CLUSTER_ID", joinIDs(n.Clusters))
}

// fill writes the lease into a NIC, and the attributes of the range that override those of the
// network.
func (a *AR) fill(s Settings, index int64, nic *attr.Attr) {
	g := a.Range()
	if g.shared {
		nic.Set("MAC", randomMAC(s).String())
		nic.Set("SHARED", "YES")
	}
	g.Describe(index, nic)
	nic.Set("AR_ID", decimal(a.ID))
	for _, key := range [...]string{"VN_MAD", "BRIDGE", "PHYDEV", "VLAN_ID"} {
		setGiven(nic, key, a.Attrs.Get(key))
	}
	for _, key := range s.Inherit {
		setMissing(nic, key, a.Attrs.Get(key))
	}
}

// inherit copies the attributes that INHERIT_VNET_ATTR lists from the network's template into a
// NIC. If one is a vector, its pairs are copied.
func (n *VNet) inherit(s Settings, nic *attr.Attr) {
	for _, name := range s.Inherit {
		if v := n.Template.Vector(name); v != nil {
			for _, p := range v.Vector {
				setMissing(nic, p.Key, p.Value)
			}
			continue
		}
		setMissing(nic, name, n.Template.Get(name))
	}
}

// joinGroups adds the security groups of the network and of the range to those of the NIC.
func (n *VNet) joinGroups(nic *attr.Attr) {
	ids := splitIDs(nic.Get(securityGroups) + "," + n.Template.Get(securityGroups))
	if id, ok := nic.Int("AR_ID"); ok {
		if a, ok := n.ar(id); ok {
			ids = append(ids, splitIDs(a.Attrs.Get(securityGroups))...)
		}
	}
	slices.Sort(ids)
	nic.Set(securityGroups, joinIDs(slices.Compact(ids)))
}

// SecurityGroups lists the security groups of every NIC in the network.
func (n *VNet) SecurityGroups() []int { return splitIDs(n.Template.Get(securityGroups)) }

// AllSecurityGroups lists the security groups that any NIC in the network can get: also those
// of the address ranges.
func (n *VNet) AllSecurityGroups() []int {
	ids := n.SecurityGroups()
	for i := range n.ARs {
		ids = append(ids, splitIDs(n.ARs[i].Attrs.Get(securityGroups))...)
	}
	return ids
}

const securityGroups = "SECURITY_GROUPS"

func setGiven(to *attr.Attr, key, value string) {
	if value != "" {
		to.Set(key, value)
	}
}

func setMissing(to *attr.Attr, key, value string) {
	if value != "" && to.Get(key) == "" {
		to.Set(key, value)
	}
}

// splitIDs reads a list such as "0,100" and returns it sorted, without duplicates. Whatever is
// not a number is ignored, as oned does.
func splitIDs(list string) []int {
	var ids []int
	for _, part := range strings.Split(list, ",") {
		if id, err := strconv.Atoi(strings.TrimSpace(part)); err == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func joinIDs(ids []int) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = decimal(id)
	}
	return strings.Join(parts, ",")
}
