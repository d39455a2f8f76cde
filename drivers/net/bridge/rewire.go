package bridge

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
)

var _ drivers.Rewirer = (*Network)(nil)

// Rewire has the bridge lead to another device. The old ones go first: two that
// lead to one network would make a loop.
func (n *Network) Rewire(ctx context.Context, h drivers.Host, nic drivers.NIC, old []string) error {
	w, err := wishOf(nic)
	if err != nil {
		return err
	}
	return n.alone(ctx, h, w, func() error {
		links, err := n.links(ctx, h)
		if err != nil {
			return err
		}
		for _, name := range old {
			if l, there := links[name]; !there || l.Master != w.bridge || name == w.phydev {
				continue
			}
			if err := n.ipLink(ctx, h, [][]string{{"set", "dev", name, "nomaster"}}); err != nil {
				return err
			}
		}
		if w.phydev == "" {
			return n.check(ctx, h, w)
		}
		return n.provide(ctx, h, w)
	})
}
