package bridge

import (
	"fmt"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
)

// fitMTU answers commands that set the MTU of an existing uplink, as a network may be changed
// while VMs use it.
func (w wish) fitMTU(h drivers.Host, links map[string]link) (todo steps, err error) {
	u, phy := w.uplink, links[w.uplink.phydev]
	device, there := links[u.name]
	if !there || u.kind == "" {
		return nil, nil // new devices are created with it, and others are not ours
	}
	if mtu := u.mtuUpon(phy); device.MTU != mtu {
		err = u.fitsUpon(h, phy)
		todo.link("set", "dev", u.name, "mtu", strconv.Itoa(mtu))
	}
	return todo, err
}

// mtuUpon is the MTU of the device; that of a tunnel leaves room for the headers.
func (u uplink) mtuUpon(phy link) int {
	if u.kind == vxlan && !u.local {
		return min(u.mtu, phy.MTU-vxlanHeaders)
	}
	return u.mtu
}

func (u uplink) fitsUpon(h drivers.Host, phy link) error {
	if u.kind == vlan && u.mtu > phy.MTU {
		return fmt.Errorf("the MTU of the network is %d, and that of %s on host %s is %d: give the device that one first, or the network a lower MTU", u.mtu, u.phydev, h.Name, phy.MTU)
	}
	return nil
}
