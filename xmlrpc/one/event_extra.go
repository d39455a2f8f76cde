package one

import (
	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// extra is the object that the call has made, or the deleted one as it was before.
func (c *call) extra(r store.Reader, answer xmlrpc.Array) []byte {
	noun, verb := c.noun()
	draw, ok := drawings[noun]
	if !ok || answer[0] != true {
		return nil
	}
	switch id, _ := answer[1].(int); verb {
	case "allocate":
		return draw.xml(r, id)
	case "delete":
		return draw.xml(c.Snap, id)
	}
	return nil
}

// drawing renders the objects of a kind for events.
type drawing struct {
	kind object.Any
	xml  func(r store.Reader, id int) []byte // nil if the object does not exist
}

// drawings has a drawing for each kind in pkg/schema, by the noun of its methods. Most are the
// same as in the pool.
var drawings = map[string]drawing{
	"backupjob":  drawn(backupjob.Kind, render.BackupJob),
	"cluster":    clusters.drawn(),
	"datastore":  datastores.drawn(),
	"document":   documents.drawn(),
	"group":      drawn(group.Kind, render.Group),
	"hook":       hooksInPool.drawn(),
	"host":       drawn(host.Kind, render.Host),
	"image":      images.drawn(),
	"market":     markets.drawn(),
	"marketapp":  marketapps.drawn(),
	"secgroup":   secgroups.drawn(),
	"template":   templates.drawn(),
	"user":       drawn(user.Kind, func(w *render.Writer, r store.Reader, u *user.User) { render.User(w, r, u, render.Nobody, false) }),
	"vdc":        vdcs.drawn(),
	"vm":         vmsExtended.drawn(),
	"vmgroup":    vmgroups.drawn(),
	"vn":         vnets.drawn(),
	"vntemplate": vntemplates.drawn(),
	"vrouter":    vrouters.drawn(),
	"zone":       zones.drawn(),
}

// drawn makes a drawing like that of a pool.
func (p pool[T]) drawn() drawing { return drawn(p.kind, p.write) }

// drawn makes a drawing of a kind.
func drawn[T any](k *object.Kind[T], write func(*render.Writer, store.Reader, *T)) drawing {
	return drawing{kind: k, xml: func(r store.Reader, id int) []byte {
		v, ok := k.Table.Get(r, store.ID(id))
		if !ok {
			return nil
		}
		var w render.Writer
		write(&w, r, v)
		return w
	}}
}
