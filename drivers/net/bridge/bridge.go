// Package bridge connects VMs to Linux bridges of their hosts, as OpenNebula's drivers bridge,
// fw, 802.1Q and vxlan do. These differ in the bridge's uplink, the device through which it
// reaches other hosts, and in whether security groups are enforced.
//
// A bridge is the administrator's, unless the network has a PHYDEV: then the drivers create the
// bridge, and the devices on top of PHYDEV, and delete them when no VM uses them any more.
package bridge

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
)

// Network is a network driver for VMs on Linux bridges.
type Network struct {
	*hosts
	uplinkOf wiring
}

// wiring answers the uplink that the bridge of a NIC should have.
type wiring func(nic drivers.NIC, defaults Settings) (uplink, error)

var _ drivers.Network = (*Network)(nil)

// Drivers makes the network drivers of this package, by their VN_MAD. They share their state,
// as networks of several drivers may use one bridge.
func Drivers(runner shell, defaults Settings) (map[string]drivers.Network, error) {
	if err := defaults.check(); err != nil {
		return nil, err
	}
	all := newHosts(runner, defaults)
	return map[string]drivers.Network{
		"bridge": direct{&Network{all, trunked}, all},
		"fw":     direct{&Firewall{&Network{all, plain}}, all},
		"802.1Q": direct{&Firewall{&Network{all, tagged}}, all},
		"vxlan":  direct{&Firewall{&Network{all, tunnel}}, nil}, // VFs cannot have VXLANs
	}, nil
}

// Setup creates the bridge, brings it up, and connects its uplink.
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

// Clean deletes the bridge and its uplink, if these drivers created them and nothing else uses
// them.
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
