package bridge

import (
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
)

// lastVLAN is the highest VLAN ID; 4095 is reserved.
const lastVLAN = 4094

// tagged is the uplink of the driver 802.1Q: packets are tagged with VLAN_ID on PHYDEV.
func tagged(nic drivers.NIC, defaults Settings) (uplink, error) {
	u, err := upon(nic, vlan, lastVLAN, defaults.get("vlan_mtu"))
	if err != nil {
		return u, err
	}
	if u.trunk, err = trunkOf(nic, "CVLANS", u.id); err != nil {
		return u, err
	}
	options, err := linkOptions(nic, defaults, vlan)
	u.add = append([]string{
		"link", u.phydev, "name", u.name, "mtu", strconv.Itoa(u.mtu), "type", string(vlan), "id", strconv.Itoa(u.id),
	}, options...)
	return u, err
}
