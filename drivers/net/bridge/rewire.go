package bridge

import (
	"context"
	"slices"

	"github.com/renkei-vpe/renkei/drivers"
)

var _ drivers.Rewirer = (*Network)(nil)

// Rewire connects the bridge to the network's present uplink. Old uplinks are removed first, as
// two of them into one network would be a loop.
func (n *Network) Rewire(ctx context.Context, h drivers.Host, nic drivers.NIC, was []drivers.NIC) error {
	w, err := n.wishOf(nic)
	if err != nil {
		return err
	}
	return n.alone(ctx, h, w, func() error {
		links, err := n.links(ctx, h)
		if err != nil {
			return err
		}
		had := slices.ContainsFunc(was, n.isTrunk)
		todo := n.stale(w, was, links)
		fit, err := w.fitMTU(h, links)
		if err != nil {
			return err
		}
		return n.lead(ctx, h, w, links, slices.Concat(todo, fit, w.retrunked(had, links)))
	})
}

func (n *Network) isTrunk(nic drivers.NIC) bool {
	w, err := n.wishOf(nic)
	return err == nil && w.uplink.trunk.some()
}

// stale answers the commands that remove the old uplinks from the bridge, and removes them from
// links. Those that these drivers created are deleted.
func (n *Network) stale(w wish, was []drivers.NIC, links map[string]link) (todo steps) {
	for _, nic := range was {
		old, err := n.wishOf(nic)
		l := links[old.uplink.name]
		switch {
		case err != nil, l.Name == "", l.Name == w.uplink.name, l.Master != w.bridge: // it does not exist, or is not on this bridge
		case l.ours() && l.id() >= 0:
			todo.link("delete", "dev", l.Name)
			delete(links, l.Name)
		default:
			todo.link("set", "dev", l.Name, "nomaster")
			l.Master = ""
			links[l.Name] = l
		}
	}
	return todo
}
