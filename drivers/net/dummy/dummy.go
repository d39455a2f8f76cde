// Package dummy is a network driver for simulated hosts. It has no state.
package dummy

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/dummyaction"
)

// Network is the network driver "dummy". Its actions are those of OpenNebula's
// network drivers, after net_: net_pre, net_post, net_clean, net_update_nic.
type Network struct {
	dummyaction.Actions
}

var (
	_ drivers.Network = (*Network)(nil)
	_ drivers.Rewirer = (*Network)(nil)
)

// Setup succeeds unless told to fail.
func (n *Network) Setup(ctx context.Context, _ drivers.Host, _ drivers.VM, _ drivers.NIC) error {
	return n.Play(ctx, "net_pre")
}

// Activate succeeds unless told to fail.
func (n *Network) Activate(ctx context.Context, _ drivers.Host, _ drivers.VM, _ drivers.NIC) error {
	return n.Play(ctx, "net_post")
}

// Clean succeeds unless told to fail.
func (n *Network) Clean(ctx context.Context, _ drivers.Host, _ drivers.VM, _ drivers.NIC) error {
	return n.Play(ctx, "net_clean")
}

// Rewire succeeds unless told to fail.
func (n *Network) Rewire(ctx context.Context, _ drivers.Host, _ drivers.NIC, _ []drivers.NIC) error {
	return n.Play(ctx, "net_update_nic")
}
