// Package bridge connects VMs to Linux bridges of their hosts, as OpenNebula's
// bridge driver does. A bridge is the administrator's; only where the network
// names a PHYDEV does the driver make it, and then it also takes it away again
// when nothing is on it any more.
package bridge

import (
	"context"
	"fmt"
	"regexp"
	"sync"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/keylock"
	"github.com/renkei-vpe/renkei/drivers/remote"
)

// Network is the network driver "bridge".
type Network struct {
	runner *remote.Runner
	locks  keylock.Locks // one change of a bridge at a time

	mu    sync.Mutex
	users map[string]map[user]bool // by host and bridge
}

// user is a NIC that was set up and may not be on the bridge yet: its VM boots.
type user struct{ vm, nic int }

var _ drivers.Network = (*Network)(nil)

// New makes a Network.
func New(runner *remote.Runner) *Network {
	return &Network{runner: runner, users: map[string]map[user]bool{}}
}

// wish is what a NIC asks for.
type wish struct{ bridge, phydev string }

// linkName is what the kernel takes for a name, less what would be an option.
var linkName = regexp.MustCompile(`^[A-Za-z0-9_.][A-Za-z0-9_.@+-]{0,14}$`)

func wishOf(nic drivers.NIC) (wish, error) {
	w := wish{bridge: nic.Attrs.Get("BRIDGE"), phydev: nic.Attrs.Get("PHYDEV")}
	if w.bridge == "" {
		return w, fmt.Errorf("NIC %d has no BRIDGE: give its virtual network one", nic.ID)
	}
	for _, name := range []string{w.bridge, w.phydev} {
		if name != "" && !linkName.MatchString(name) {
			return w, fmt.Errorf("NIC %d: %q cannot be the name of a network device", nic.ID, name)
		}
	}
	return w, nil
}

// Setup sees to it that the bridge is there and up.
func (n *Network) Setup(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	w, err := wishOf(nic)
	if err != nil {
		return err
	}
	return n.alone(ctx, h, w, func() error {
		n.note(h, w, user{vm.ID, nic.ID}, true)
		if w.phydev != "" {
			return n.provide(ctx, h, w)
		}
		return n.check(ctx, h, w)
	})
}

// Activate has nothing to do: the hypervisor put the VM's link on the bridge.
func (n *Network) Activate(context.Context, drivers.Host, drivers.VM, drivers.NIC) error { return nil }

// Clean takes the bridge away if this driver made it and nothing is on it.
func (n *Network) Clean(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	w, err := wishOf(nic)
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

// alone runs change while nothing else of this program changes the bridge.
func (n *Network) alone(ctx context.Context, h drivers.Host, w wish, change func() error) error {
	unlock, err := n.locks.Lock(ctx, h.Name+"/"+w.bridge)
	if err != nil {
		return err
	}
	defer unlock()
	return change()
}

// note remembers or forgets a user of a bridge and answers how many there are.
func (n *Network) note(h drivers.Host, w wish, u user, uses bool) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	key := h.Name + "/" + w.bridge
	if !uses {
		delete(n.users[key], u)
		return len(n.users[key])
	}
	if n.users[key] == nil {
		n.users[key] = map[user]bool{}
	}
	n.users[key][u] = true
	return len(n.users[key])
}
