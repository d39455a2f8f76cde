package drivers

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// NIC is one network card of a VM: Attrs is its NIC vector.
type NIC struct {
	ID    int
	Attrs attr.Attr
}

// Network connects the NICs of VMs on a host.
type Network interface {
	// Setup prepares the host before the VM boots (the bridge exists).
	Setup(ctx context.Context, h Host, vm VM, nic NIC) error
	// Activate finishes the work once the VM's links are there.
	Activate(ctx context.Context, h Host, vm VM, nic NIC) error
	// Clean undoes both. Nothing there: goal met.
	Clean(ctx context.Context, h Host, vm VM, nic NIC) error
}

// Rewirer is implemented by network drivers that can have the bridge of a NIC in
// use lead to another device.
type Rewirer interface {
	// Rewire takes the devices old off the bridge and puts the NIC's PHYDEV on
	// it. What is so already: goal met.
	Rewire(ctx context.Context, h Host, nic NIC, old []string) error
}
