package network

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// need is what a network must say for its driver.
type need struct{ phyDev, bridge, vlan, outer bool }

// needs is what the drivers need (VirtualNetwork.cc has the table, too).
var needs = map[string]need{
	"dummy":          {bridge: true},
	"802.1Q":         {phyDev: true, vlan: true},
	"vxlan":          {phyDev: true, vlan: true},
	"ovswitch_vxlan": {outer: true},
}

// checkNeeds tells what is missing.
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

// bridgeType answers the type of bridge that a driver makes: the one asked for
// when it can, without a wish the driver's first.
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

// serves refuses a driver that oned.conf has, and this server has not: VMs in such
// a network would not start.
func (s Settings) serves(driver string) error {
	same := func(name string) bool { return strings.EqualFold(name, driver) }
	if s.Served == nil || slices.ContainsFunc(s.Served, same) {
		return nil
	}
	return one.Errorf(one.CodeInternal, "There is no network driver for VN_MAD %q here, only %s (setting network.drivers)",
		driver, strings.Join(s.Served, ", "))
}

// driverTypes answers the types of bridges of a driver, whose name may be in
// capitals or not (Nebula::get_conf_attribute). What a driver needs, and the
// driver itself, are looked up by the exact name all the same.
func (s Settings) driverTypes(driver string) ([]string, bool) {
	if name := s.misspelled(driver); name != "" {
		driver = name
	}
	types, ok := s.Drivers[driver]
	return types, ok
}

// misspelled answers how the name of a driver is written right, "" where it is
// or where there is no such driver.
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
