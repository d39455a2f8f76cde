package bridge

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
)

// remove deletes the bridge and its uplink, if these drivers created them and nothing else is
// on the bridge.
func (n *hosts) remove(ctx context.Context, h drivers.Host, w wish) error {
	links, err := n.links(ctx, h)
	if err != nil || w.keep {
		return err
	}
	return n.run(ctx, h, w.leftover(links))
}

// leftover answers the commands that delete devices which are not used any more. If there are
// several uplinks, as after a failed change, all are deleted.
func (w wish) leftover(links map[string]link) (todo steps) {
	u := w.uplink
	for _, l := range links {
		switch {
		case l.ours() && l.id() >= 0 && (l.Master == w.bridge || l.Master == "" && u.kind != "" && l.Name == u.name):
			todo.link("delete", "dev", l.Name)
		case l.Master == w.bridge && l.Name != u.name && l.Name != u.phydev:
			return nil
		}
	}
	if br := links[w.bridge]; br.ours() && br.isBridge() {
		todo.link("delete", "dev", w.bridge, "type", "bridge")
	}
	return todo
}
