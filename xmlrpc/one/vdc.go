package one

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/zone"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func vdcMethods() []method {
	return []method{
		{name: "one.vdc.allocate", params: params(pTemplate), may: createFrom(one.KindVDC, 1), do: change(vdcAllocate)},
		{name: "one.vdc.delete", params: params(pID), may: on(vdc.Kind, one.Admin, 1), do: deleting(one.KindVDC, byID(vdc.Delete))},
		vdcs.infoOf("vdc"),
		updateOf("vdc", vdc.Kind, one.Manage),
		renameOf("vdc", vdc.Kind, one.Manage),
		{
			name: "one.vdc.addgroup", params: ints("vdc id", "group id"),
			may: all(on(vdc.Kind, one.Admin, 1), on(group.Kind, one.Admin, 2)), do: change(byIDs(vdc.AddGroup)),
		},
		{
			name: "one.vdc.delgroup", params: ints("vdc id", "group id"),
			may: all(on(vdc.Kind, one.Admin, 1), onGone(group.Kind, one.Admin, 2)), do: change(byIDs(vdc.DelGroup)),
		},
		vdcAdd("addcluster", cluster.Kind), vdcDel("delcluster", cluster.Kind),
		vdcAdd("addhost", host.Kind), vdcDel("delhost", host.Kind),
		vdcAdd("adddatastore", datastore.Kind), vdcDel("deldatastore", datastore.Kind),
		vdcAdd("addvnet", network.Kind), vdcDel("delvnet", network.Kind),
		vdcs.poolOf("vdcpool"),
	}
}

var vdcs = pool[vdc.VDC]{kind: vdc.Kind, root: "VDC_POOL", write: render.VDC}

func vdcAllocate(tx *store.Tx, _ *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return -1, err
	}
	return vdc.Allocate(tx, t)
}

func vdcAdd(verb string, kind object.Any) method {
	return vdcResource(verb, kind, vdc.AddResource, all(on(vdc.Kind, one.Admin, 1), on(zone.Kind, one.Admin, 2), onLocal(kind, on)))
}

// vdcDel also removes resources that no longer exist.
func vdcDel(verb string, kind object.Any) method {
	return vdcResource(verb, kind, vdc.DelResource, all(on(vdc.Kind, one.Admin, 1), onThere(zone.Kind, one.Admin, 2), onLocal(kind, onThere)))
}

func vdcResource(verb string, kind object.Any, rule func(*store.Tx, int, one.Kind, vdc.Resource) error, may may) method {
	return method{
		name: "one.vdc." + verb, params: ints("vdc id", "zone id", "resource id, -10 all"), may: may,
		do: change(func(tx *store.Tx, _ *Server, c *call) (int, error) {
			return c.Int(1), rule(tx, c.Int(1), kind.ID(), vdc.Resource{ZoneID: c.Int(2), ID: c.Int(3)})
		}),
	}
}

// onGone is on for an object that may be gone. Then, as in oned, the right is checked on
// nothing, and only administrators have that.
func onGone(kind object.Any, right one.Right, n int) may {
	return func(c *call) ([]acl.Ask, error) {
		if asks := askIfThere(c, kind, right, c.Int(n)); asks != nil {
			return asks, nil
		}
		return []acl.Ask{acl.OnKind(0, right)}, nil
	}
}

// onLocal needs ADMIN of a resource of this zone. Resources of other zones are not known
// here, and all resources of a kind are no single object.
func onLocal(kind object.Any, on func(object.Any, one.Right, int) may) may {
	return func(c *call) ([]acl.Ask, error) {
		if c.Int(2) != zone.LocalID || c.Int(3) == vdc.All {
			return nil, nil
		}
		return on(kind, one.Admin, 3)(c)
	}
}
