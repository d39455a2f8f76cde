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
// use lead elsewhere.
type Rewirer interface {
	// Rewire makes of the host what the NIC's network says now, and takes away
	// what was there for it at earlier times, when the NIC was as was says. What
	// is so already: goal met.
	Rewire(ctx context.Context, h Host, nic NIC, was []NIC) error
}
