// Package bridge connects VMs to Linux bridges of their hosts, as OpenNebula's
// drivers bridge, fw, 802.1Q and vxlan do. They differ in how a bridge reaches
// other hosts, its uplink, and in whether the rules of security groups hold.
//
// A bridge is the administrator's; only where the network names a PHYDEV do the
// drivers make it, and then they also take it away again when nothing is on it
// any more. The same holds for the devices that are made upon a PHYDEV.
package bridge

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
)

// Network is a network driver whose VMs are on Linux bridges.
type Network struct {
	*hosts
	uplinkOf wiring
}

// wiring tells which uplink the bridge of a NIC is to have.
type wiring func(nic drivers.NIC, defaults Settings) (uplink, error)

var _ drivers.Network = (*Network)(nil)

// Drivers makes the network drivers of this package, by the VN_MAD of their
// networks. They know of each other: a bridge may serve networks of several.
func Drivers(runner shell, defaults Settings) (map[string]drivers.Network, error) {
	if err := defaults.check(); err != nil {
		return nil, err
	}
	all := newHosts(runner, defaults)
	return map[string]drivers.Network{
		"bridge": direct{&Network{all, trunked}, all},
		"fw":     direct{&Firewall{&Network{all, plain}}, all},
		"802.1Q": direct{&Firewall{&Network{all, tagged}}, all},
		"vxlan":  direct{&Firewall{&Network{all, tunnel}}, nil}, // no card knows of its VLANs
	}, nil
}

// Setup sees to it that the bridge is there and up, with its uplink.
func (n *Network) Setup(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	w, err := n.wishOf(nic)
	if err != nil {
		return err
	}
	return n.alone(ctx, h, w, func() error {
		n.note(h, w, user{vm.ID, nic.ID}, true)
		return n.provide(ctx, h, w)
	})
}

// Clean takes away what these drivers made of the bridge and its uplink, if
// nothing else is on it.
func (n *Network) Clean(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	w, err := n.wishOf(nic)
	if err != nil {
		return err
	}
	return n.alone(ctx, h, w, func() error {
		if n.note(h, w, user{vm.ID, nic.ID}, false) > 0 {
			return nil
		}
		return n.remove(ctx, h, w)
	})
}
