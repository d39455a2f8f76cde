package drivers

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// NIC is a NIC of a VM: Attrs is its NIC vector.
type NIC struct {
	ID    int
	Attrs attr.Attr
}

// Network connects the NICs of VMs on a host.
type Network interface {
	// Setup prepares the host before the VM boots: it creates the bridge.
	Setup(ctx context.Context, h Host, vm VM, nic NIC) error
	// Activate finishes the work once the VM's interfaces exist on the host.
	Activate(ctx context.Context, h Host, vm VM, nic NIC) error
	// Clean undoes both. It succeeds if there is nothing to undo.
	Clean(ctx context.Context, h Host, vm VM, nic NIC) error
}

// Rewirer is implemented by network drivers that can change what the bridge of a NIC in use is
// connected to.
type Rewirer interface {
	// Rewire connects the bridge as the NIC's network now says, and removes what earlier
	// versions of the NIC, was, needed. It succeeds if that is done already.
	Rewire(ctx context.Context, h Host, nic NIC, was []NIC) error
}
