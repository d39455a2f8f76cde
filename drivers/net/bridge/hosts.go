package bridge

import (
	"context"
	"sync"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/keylock"
	"github.com/renkei-vpe/renkei/drivers/remote"
)

// hosts is what the drivers share: the way to hosts, and which NICs are about to use a bridge.
type hosts struct {
	shell    shell
	defaults Settings
	locks    keylock.Locks // a bridge is changed by one call at a time

	mu    sync.Mutex
	users map[string]map[user]bool // by host and bridge
}

// shell runs commands on hosts.
type shell interface {
	Command(ctx context.Context, h drivers.Host, args ...string) ([]byte, error)
	Script(ctx context.Context, h drivers.Host, script string, args ...string) ([]byte, error)
	Run(ctx context.Context, h drivers.Host, c remote.Cmd) ([]byte, error)
}

// user is a NIC that was set up, but may not be on the bridge yet, as its VM is booting.
type user struct{ vm, nic int }

func newHosts(sh shell, defaults Settings) *hosts {
	return &hosts{shell: sh, defaults: defaults, users: map[string]map[user]bool{}}
}

// alone runs change while no other call changes the bridge.
func (n *hosts) alone(ctx context.Context, h drivers.Host, w wish, change func() error) error {
	unlock, err := n.locks.Lock(ctx, h.Name+"/"+w.bridge)
	if err != nil {
		return err
	}
	defer unlock()
	return change()
}

// note adds or removes a user of a bridge and answers how many there are.
func (n *hosts) note(h drivers.Host, w wish, u user, uses bool) int {
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
