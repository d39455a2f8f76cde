package one

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
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// extra is the object that the call made, or the one that it deleted, as that was
// before.
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

// drawing is how events show the objects of a kind.
type drawing struct {
	kind object.Any
	xml  func(r store.Reader, id int) []byte // nil for an object that is not there
}

// drawings has one for each kind in pkg/schema, by the noun of its methods. Pools
// and info methods show some kinds in other forms, so these are not theirs.
var drawings = map[string]drawing{
	"backupjob":  drawn(backupjob.Kind, render.BackupJob),
	"cluster":    drawn(cluster.Kind, render.Cluster),
	"datastore":  drawn(datastore.Kind, render.Datastore),
	"document":   drawn(document.Kind, render.Document),
	"group":      drawn(group.Kind, render.Group),
	"hook":       drawn(hook.Kind, render.HookInPool),
	"host":       drawn(host.Kind, render.Host),
	"image":      drawn(image.Kind, render.Image),
	"market":     drawn(market.Kind, render.Market),
	"marketapp":  drawn(market.Apps, render.App),
	"secgroup":   drawn(secgroup.Kind, render.SecGroup),
	"template":   drawn(template.Kind, render.Template),
	"user":       drawn(user.Kind, func(w *render.Writer, r store.Reader, u *user.User) { render.User(w, r, u, false) }),
	"vdc":        drawn(vdc.Kind, render.VDC),
	"vm":         drawn(vm.Kind, render.VMLast),
	"vmgroup":    drawn(vmgroup.Kind, render.VMGroup),
	"vn":         drawn(network.Kind, render.VNetInPool),
	"vntemplate": drawn(vntemplate.Kind, render.VNTemplate),
	"vrouter":    drawn(vrouter.Kind, render.VRouter),
	"zone":       drawn(zone.Kind, render.Zone),
}

// drawn makes the drawing of a kind.
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
