package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ethernet is an ETH<n>_ variable of CONTEXT.
type ethernet struct {
	name     string // without the prefix ETH<n>_
	key, alt string // keys in the NIC
	network  bool   // look in its address range and network, too
}

// ethernets are all variables that oned sets, even if they are empty.
var ethernets = []ethernet{
	{"IP", "IP", "", false},
	{"MAC", "MAC", "", false},
	{"MASK", "NETWORK_MASK", "", true},
	{"NETWORK", "NETWORK_ADDRESS", "", true},
	{"GATEWAY", "GATEWAY", "", true},
	{"DNS", "DNS", "", true},
	{"SEARCH_DOMAIN", "SEARCH_DOMAIN", "", true},
	{"MTU", "GUEST_MTU", "", true},
	{"METRIC", "METRIC", "", true},
	{"METHOD", "METHOD", "", true},
	{"VLAN_ID", "VLAN_ID", "", true},
	{"VROUTER_IP", "VROUTER_IP", "", false},
	{"VROUTER_MANAGEMENT", "VROUTER_MANAGEMENT", "", false},
	{"EXTERNAL", "EXTERNAL", "", false},
	{"ROUTES", "ROUTES", "", true},
	{"IP6", "IP6_GLOBAL", "IP6", false},
	{"IP6_ULA", "IP6_ULA", "", false},
	{"IP6_GATEWAY", "GATEWAY6", "", true},
	{"IP6_METRIC", "IP6_METRIC", "", true},
	{"IP6_METHOD", "IP6_METHOD", "", true},
	{"IP6_PREFIX_LENGTH", "PREFIX_LENGTH", "", true},
	{"VROUTER_IP6", "VROUTER_IP6_GLOBAL", "VROUTER_IP6", false},
}

// networkContext sets the ETH<n>_ variables of NICs. Those of an AUTO NIC are empty while it has no
// network.
func networkContext(r store.Reader, nics []*attr.Attr, c *attr.Attr) {
	if wants, _ := c.Bool("NETWORK"); !wants {
		return
	}
	c.Vector = slices.Grow(c.Vector, len(nics)*len(ethernets)) // grow once
	for _, nic := range nics {
		prefix := ethernetPrefix(nic)
		for _, e := range ethernets {
			c.Set(prefix+e.name, e.value(r, nic))
		}
	}
}

// renewNetworkContext sets the variables of all NICs, if the VM has a CONTEXT.
func renewNetworkContext(r store.Reader, v *VM) {
	if c := v.Template.Vector("CONTEXT"); c != nil {
		networkContext(r, v.nics(), c)
	}
}

// renewContext updates the network variables when a VM boots or resumes, as its networks may have
// changed.
func renewContext(r store.Reader, v *VM, do lifecycle.Effect) {
	if do == lifecycle.DoBoot || do == lifecycle.DoRestore {
		renewNetworkContext(r, v)
	}
}

// ethernetPrefix is ETH<NIC_ID>_, ETH<PARENT_ID>_ALIAS<ALIAS_ID>_ for an alias, or PCI<PCI_ID>_
// for a PCI device, whose interface name in the guest is unknown.
func ethernetPrefix(nic *attr.Attr) string {
	switch nic.Name {
	case "NIC_ALIAS":
		return "ETH" + nic.Get("PARENT_ID") + "_ALIAS" + nic.Get("ALIAS_ID") + "_"
	case "PCI":
		return "PCI" + nic.Get("PCI_ID") + "_"
	}
	return "ETH" + nic.Get("NIC_ID") + "_"
}

func (e ethernet) value(r store.Reader, nic *attr.Attr) string {
	value := nic.Get(e.key)
	if value == "" && e.alt != "" {
		value = nic.Get(e.alt)
	}
	if value == "" && e.network {
		value = networkValue(r, nic, e.key)
	}
	return value
}

// clearNetworkContext removes the variables of a NIC.
func clearNetworkContext(v *VM, nic *attr.Attr) {
	c := v.Template.Vector("CONTEXT")
	if c == nil {
		return
	}
	prefix := ethernetPrefix(nic)
	for _, e := range ethernets {
		c.Del(prefix + e.name)
	}
}
