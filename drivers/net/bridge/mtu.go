package bridge

import (
	"fmt"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
)

// fitMTU answers what gives the uplink the MTU that the network says: networks
// that change while VMs use them need that.
func (w wish) fitMTU(h drivers.Host, links map[string]link) (todo steps, err error) {
	u, phy := w.uplink, links[w.uplink.phydev]
	device, there := links[u.name]
	if !there || u.kind == "" {
		return nil, nil // made with it, or not ours to change
	}
	if mtu := u.mtuUpon(phy); device.MTU != mtu {
		err = u.fitsUpon(h, phy)
		todo.link("set", "dev", u.name, "mtu", strconv.Itoa(mtu))
	}
	return todo, err
}

// mtuUpon is the MTU that the device gets: a tunnel's leaves room for the headers.
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
