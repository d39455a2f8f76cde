package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ethernet is one ETHn_ variable of the context: where its value comes from.
type ethernet struct {
	name     string // behind ETHn_
	key, alt string // in the NIC
	network  bool   // else in its address range or network
}

// ethernets are the variables that guests expect, all of them, empty or not.
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

// networkContext writes the ETHn_ variables of all NICs that have a network.
func networkContext(r store.Reader, v *VM, c *attr.Attr) {
	if wants, _ := c.Bool("NETWORK"); !wants {
		return
	}
	nics := v.nics()
	c.Vector = slices.Grow(c.Vector, len(nics)*len(ethernets)) // once, and not bit by bit
	for _, nic := range nics {
		if mode(nic) == "AUTO" && !leased(nic) {
			continue
		}
		prefix := ethernetPrefix(nic)
		for _, e := range ethernets {
			c.Set(prefix+e.name, e.value(r, nic))
		}
	}
}

// renewContext has a guest that begins to run be told of its networks as they are now:
// they may have changed since it was made, or since it ran.
func renewContext(r store.Reader, v *VM, do lifecycle.Effect) {
	c := v.Template.Vector("CONTEXT")
	if c != nil && (do == lifecycle.DoBoot || do == lifecycle.DoRestore) {
		networkContext(r, v, c)
	}
}

// ethernetPrefix is ETH<NIC_ID>_, ETH<parent>_ALIAS<n>_ for an alias, and
// PCI<n>_ for a passed-through card, whose name in the guest nobody knows.
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

// clearNetworkContext removes what networkContext wrote for a NIC.
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
