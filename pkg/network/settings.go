package network

import "github.com/renkei-vpe/renkei/pkg/object"

// Settings are the settings of networks, with their names in oned.conf.
type Settings struct {
	MACPrefix    uint16              // MAC_PREFIX: the first two bytes of generated MACs
	Drivers      map[string][]string // VN_MAD_CONF: the BRIDGE_TYPEs of each driver, the default first
	Served       []string            // the drivers that this server implements; nil for all
	Inherit      []string            // INHERIT_VNET_ATTR: attributes that NICs copy from their network
	Restricted   object.Restricted   // VNET_RESTRICTED_ATTR: NAME or AR/KEY
	FirstVLAN    int                 // VLAN_IDS/START
	ReservedVLAN []int               // VLAN_IDS/RESERVED
	FirstVXLAN   int                 // VXLAN_IDS/START
}

// DefaultSettings are the defaults of oned.conf.
func DefaultSettings() Settings {
	linux, switches := []string{"linux"}, []string{"openvswitch", "openvswitch_dpdk"}
	return Settings{
		MACPrefix: 0x0200,
		Drivers: map[string][]string{
			"dummy": linux, "bridge": linux, "fw": linux, "802.1Q": linux, "vxlan": linux,
			"elastic": linux, "nodeport": linux,
			"ovswitch": switches, "ovswitch_vxlan": switches[:1],
		},
		Inherit: []string{
			"VLAN_TAGGED_ID", "FILTER", "FILTER_IP_SPOOFING", "FILTER_MAC_SPOOFING", "MTU",
			"METRIC", "IP6_METRIC", "METHOD", "IP6_METHOD",
			"INBOUND_AVG_BW", "INBOUND_PEAK_BW", "INBOUND_PEAK_KB",
			"OUTBOUND_AVG_BW", "OUTBOUND_PEAK_BW", "OUTBOUND_PEAK_KB",
			"CONF", "BRIDGE_CONF", "OVS_BRIDGE_CONF", "IP_LINK_CONF",
			"EXTERNAL_IP", "AWS_ALLOCATION_ID", "VULTR_IP_ID", "GATEWAY", "DNS",
			"VXLAN_MODE", "VXLAN_TEP", "VXLAN_MC", "CVLANS", "QINQ_TYPE", "TRUST", "SPOOFCHK",
		},
		Restricted: object.Restricted{
			"VN_MAD", "PHYDEV", "QINQ_TYPE", "BRIDGE", "CONF", "BRIDGE_CONF", "OVS_BRIDGE_CONF", "IP_LINK_CONF",
			"FILTER", "FILTER_IP_SPOOFING", "FILTER_MAC_SPOOFING", "CLUSTER_IDS", "EXTERNAL",
			"AR/VN_MAD", "AR/PHYDEV", "AR/BRIDGE", "AR/FILTER", "AR/FILTER_IP_SPOOFING", "AR/FILTER_MAC_SPOOFING",
		},
		FirstVLAN:    2,
		ReservedVLAN: []int{0, 1, 4095},
		FirstVXLAN:   2,
	}
}
