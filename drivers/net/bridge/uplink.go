package bridge

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
)

// wish is the bridge that a NIC needs.
type wish struct {
	bridge string
	uplink uplink
	keep   bool // the bridge is kept when nothing is on it
	strict bool // the bridge must not be connected to another VLAN
}

// uplink is the device through which a bridge reaches other hosts: PHYDEV itself, or a device
// on top of it. The zero value is none.
type uplink struct {
	phydev string
	name   string   // the device that is a port of the bridge
	kind   kind     // "" for PHYDEV itself
	id     int      // VLAN ID or VNI
	mtu    int      // wanted MTU
	add    []string // arguments of "ip link add"
	trunk  trunk    // VLANs that VMs see tagged
	local  bool     // the tunnel's local end is an address of PHYDEV, instead of PHYDEV itself
}

// kind is the kernel's name for a type of device on top of another.
type kind string

// The kinds of devices that are made.
const (
	vlan  kind = "vlan"
	vxlan kind = "vxlan"
)

func (k kind) String() string {
	return map[kind]string{vlan: "802.1Q VLAN", vxlan: "VXLAN"}[k]
}

// linkName matches names of interfaces, except those that look like options.
var linkName = regexp.MustCompile(`^[A-Za-z0-9_.][A-Za-z0-9_.@+-]{0,14}$`)

// wishOf validates a NIC's attributes, as they get into command lines on hosts.
func (n *Network) wishOf(nic drivers.NIC) (w wish, err error) {
	w.bridge = nic.Attrs.Get("BRIDGE")
	if w.bridge == "" {
		return w, fmt.Errorf("NIC %d has no BRIDGE: give its virtual network one", nic.ID)
	}
	for _, name := range []string{w.bridge, nic.Attrs.Get("PHYDEV")} {
		if name != "" && !linkName.MatchString(name) {
			return w, fmt.Errorf("NIC %d: %q cannot be the name of a network device", nic.ID, name)
		}
	}
	c := confOf(nic, n.defaults)
	w.keep, w.strict = c.is("keep_empty_bridge"), c.is("validate_vlan_id")
	if nic.Attrs.Get("PHYDEV") == "" {
		return w, nil
	}
	if w.uplink, err = n.uplinkOf(nic, n.defaults); err != nil {
		err = fmt.Errorf("NIC %d: %w", nic.ID, err)
	}
	return w, err
}

// trunked is the uplink of the driver bridge: PHYDEV itself, with VLANs that VMs see tagged.
func trunked(nic drivers.NIC, defaults Settings) (u uplink, err error) {
	if u, err = plain(nic, defaults); err == nil {
		u.trunk, err = trunkOf(nic, "VLAN_TAGGED_ID", 0)
	}
	return u, err
}

// plain is the uplink of the driver fw: PHYDEV itself.
func plain(nic drivers.NIC, _ Settings) (uplink, error) {
	phydev := nic.Attrs.Get("PHYDEV")
	return uplink{phydev: phydev, name: phydev}, nil
}

// upon is an uplink on top of PHYDEV, with OpenNebula's name for it.
func upon(nic drivers.NIC, k kind, mostID int, defaultMTU string) (u uplink, err error) {
	u = uplink{phydev: nic.Attrs.Get("PHYDEV"), kind: k}
	if u.id, err = number("VLAN_ID", nic.Attrs.Get("VLAN_ID"), 0, mostID); err != nil {
		return u, err
	}
	mtu := nic.Attrs.Get("MTU")
	if mtu == "" {
		mtu = defaultMTU
	}
	if u.mtu, err = number("MTU", mtu, 68, 65535); err != nil {
		return u, err
	}
	u.name = u.phydev + "." + strconv.Itoa(u.id)
	if !linkName.MatchString(u.name) {
		return u, fmt.Errorf("the device %s would have a name of more than 15 characters: give %s a shorter one on the hosts (\"ip link set dev %[2]s name …\") and in PHYDEV", u.name, u.phydev)
	}
	return u, nil
}

// number parses an attribute that may only have digits.
func number(what, text string, least, most int) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil || int(n) < least || int(n) > most {
		return 0, fmt.Errorf("%s is %q: it has to be a number from %d to %d", what, text, least, most)
	}
	return int(n), nil
}
