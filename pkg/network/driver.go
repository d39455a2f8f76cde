package network

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// need lists the attributes without which a driver cannot work.
type need struct{ phyDev, bridge, vlan, outer bool }

// needs are the required attributes of each driver (the table in VirtualNetwork.cc).
var needs = map[string]need{
	"dummy":          {bridge: true},
	"802.1Q":         {phyDev: true, vlan: true},
	"vxlan":          {phyDev: true, vlan: true},
	"ovswitch_vxlan": {outer: true},
}

// checkNeeds refuses a network without the attributes that its driver requires.
func (n *VNet) checkNeeds() error {
	need := needs[n.VNMad]
	var missing string
	switch {
	case need.phyDev && n.PhyDev == "":
		missing = "PHYDEV"
	case need.bridge && n.Bridge == "":
		missing = "BRIDGE"
	case need.vlan && !n.VLANAuto && n.VLANID == "":
		missing = "VLAN_ID (or AUTOMATIC_VLAN_ID)"
	case need.outer && !n.OuterVLANAuto && n.OuterVLANID == "":
		missing = "OUTER_VLAN_ID (or AUTOMATIC)"
	default:
		return nil
	}
	return one.Errorf(one.CodeInternal, "%s is mandatory for driver %s", missing, n.VNMad)
}

// bridgeType returns the type of bridge to use: the requested one if the driver supports it, or
// the driver's default.
func bridgeType(s Settings, driver, asked string) (string, error) {
	types, ok := s.driverTypes(driver)
	asked = strings.TrimSpace(asked)
	switch {
	case !ok:
		return "", one.Errorf(one.CodeInternal, "VN_MAD named %q is not defined in oned.conf", driver)
	case asked == "" && len(types) > 0:
		return types[0], nil
	case slices.Contains(types, asked):
		return asked, nil
	}
	return "", one.Errorf(one.CodeInternal, "Attribute BRIDGE_TYPE has wrong value %q for VN_MAD_CONF %s in oned.conf", asked, driver)
}

// serves refuses a driver that oned.conf lists but that this server does not implement, because
// VMs in such a network could not start.
func (s Settings) serves(driver string) error {
	same := func(name string) bool { return strings.EqualFold(name, driver) }
	if s.Served == nil || slices.ContainsFunc(s.Served, same) {
		return nil
	}
	return one.Errorf(one.CodeInternal, "There is no network driver for VN_MAD %q here, only %s (setting network.drivers)",
		driver, strings.Join(s.Served, ", "))
}

// driverTypes returns the bridge types of a driver. Upper and lower case are the same here
// (Nebula::get_conf_attribute), although the driver itself and its required attributes are
// looked up by the exact name.
func (s Settings) driverTypes(driver string) ([]string, bool) {
	if name := s.misspelled(driver); name != "" {
		driver = name
	}
	types, ok := s.Drivers[driver]
	return types, ok
}

// misspelled returns the right spelling of a driver whose name was written with other upper and
// lower case letters, and "" otherwise.
func (s Settings) misspelled(driver string) string {
	if _, ok := s.Drivers[driver]; ok {
		return ""
	}
	for name := range s.Drivers {
		if strings.EqualFold(name, driver) {
			return name
		}
	}
	return ""
}
