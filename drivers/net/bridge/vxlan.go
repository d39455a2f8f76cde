package bridge

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
)

// lastVXLAN is the highest VNI.
const lastVXLAN = 1<<24 - 1

// vxlanHeaders is the overhead of VXLAN over IPv4. The kernel makes the MTU of a device that
// much smaller than PHYDEV's, whatever was asked for.
const vxlanHeaders = 50

// tunnel is the uplink of the driver vxlan: packets are sent to other hosts in UDP, over
// PHYDEV.
func tunnel(nic drivers.NIC, defaults Settings) (uplink, error) {
	c := confOf(nic, defaults)
	u, err := upon(nic, vxlan, lastVXLAN, c.get("vxlan_mtu"))
	if err != nil {
		return u, err
	}
	u.add = []string{"name", u.name, "mtu", strconv.Itoa(u.mtu), "type", string(vxlan), "id", strconv.Itoa(u.id)}
	options, err := linkOptions(nic, defaults, vxlan)
	if err != nil {
		return u, err
	}
	if ttl := c.get("vxlan_ttl"); ttl != "" {
		if _, err := number("vxlan_ttl", ttl, 0, 255); err != nil {
			return u, err
		}
		u.add = append(u.add, "ttl", ttl)
	}
	switch mode := strings.ToLower(said(nic, c, "VXLAN_MODE")); mode {
	case "multicast":
		group, err := groupOf(said(nic, c, "VXLAN_MC"), u.id)
		if err != nil {
			return u, err
		}
		u.add = append(u.add, "group", group, "dev", u.phydev)
	case "evpn":
		if err := u.viaEVPN(said(nic, c, "VXLAN_TEP")); err != nil {
			return u, err
		}
		if !slices.Contains(options, "learning") && !slices.Contains(options, "nolearning") {
			options = append(options, "nolearning") // BGP distributes the MAC addresses
		}
	default:
		return u, fmt.Errorf("VXLAN_MODE is %q: it has to be multicast or evpn", mode)
	}
	u.add = append(u.add, options...)
	return u, nil
}

// viaEVPN uses no multicast group: a BGP daemon on the host (EVPN) knows where MAC addresses
// are.
func (u *uplink) viaEVPN(end string) error {
	switch strings.ToLower(end) {
	case "dev":
		u.add = append(u.add, "dev", u.phydev)
	case "local_ip":
		u.local = true
	default:
		return fmt.Errorf("VXLAN_TEP is %q: it has to be dev or local_ip", end)
	}
	return nil
}

// said is the NIC's value, or else the configuration's.
func said(nic drivers.NIC, c conf, name string) string {
	if value := nic.Attrs.Get(name); value != "" {
		return value
	}
	return c.get(strings.ToLower(name))
}

// groupOf is the multicast group of a VXLAN: the base address plus the VNI.
func groupOf(base string, id int) (string, error) {
	first, err := netip.ParseAddr(base)
	if err != nil || !first.Is4() {
		return "", fmt.Errorf("VXLAN_MC is %q: it has to be an IPv4 address such as 239.0.0.0", base)
	}
	bytes := first.As4()
	binary.BigEndian.PutUint32(bytes[:], binary.BigEndian.Uint32(bytes[:])+uint32(id))
	group := netip.AddrFrom4(bytes)
	if !group.IsMulticast() {
		return "", fmt.Errorf("VXLAN_MC %s and VLAN_ID %d make %s, which is no multicast address: take a lower VXLAN_MC", base, id, group)
	}
	return group.String(), nil
}
