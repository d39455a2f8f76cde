package fsck

import (
	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

// kinds are the checks of what all objects share, for each kind.
func kinds() []func(*check) {
	return []func(*check){
		heads(backupjob.Kind), heads(cluster.Kind), heads(datastore.Kind), heads(document.Kind), heads(group.Kind),
		heads(hook.Kind), heads(host.Kind), heads(image.Kind), heads(market.Kind), heads(market.Apps), heads(network.Kind),
		heads(secgroup.Kind), heads(template.Kind), heads(user.Kind), heads(vdc.Kind), heads(vm.Kind), heads(vmgroup.Kind),
		heads(vntemplate.Kind), heads(vrouter.Kind), heads(zone.Kind),
	}
}

// heads checks the head of every object of a kind.
func heads[T any](k *object.Kind[T]) func(*check) {
	return func(c *check) {
		last, _ := store.LastNumber(c.r, k.Table.Name())
		for row := range k.Table.All(c.r) {
			o, _ := k.Of(row.Val)
			h := o.Head()
			if row.Key != store.ID(h.ID) {
				c.report(nil, "%s %d is kept under the ID %d", k.Kind, h.ID, row.Key.A)
			}
			if h.ID > last && h.ID >= k.First {
				id := h.ID
				c.report(func(tx *store.Tx) { tx.Skip(k.Table.Name(), id) },
					"the counter of %s stands at %d, and there is a %s %d: its ID could be given again", k.Kind, last, k.Kind, h.ID)
			}
			named(c, k, h)
		}
	}
}

// named checks that a name is one, and the only one of its owner or kind.
func named[T any](c *check, k *object.Kind[T], h *object.Meta) {
	if h.Name == "" {
		c.report(nil, "%s %d has no name", k.Kind, h.ID)
		return
	}
	if k.Names == object.NamesFree {
		return
	}
	for row := range k.ByName.Find(c.r, h.Name) {
		o, _ := k.Of(row.Val)
		other := o.Head()
		if other.ID < h.ID && (k.Names == object.NamesGlobal || other.UID == h.UID) {
			c.report(nil, "%s %d and %d have one name: %s", k.Kind, other.ID, h.ID, h.Name)
		}
	}
}
