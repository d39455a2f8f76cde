package one

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func secgroupMethods() []method {
	return []method{
		{name: "one.secgroup.allocate", params: params(pTemplate), may: createFrom(one.KindSecGroup, 1), do: change(secgroupAllocate)},
		{name: "one.secgroup.delete", params: params(pID), may: on(secgroup.Kind, one.Manage, 1), do: deleting(one.KindSecGroup, byID(secgroup.Delete))},
		secgroups.infoOf("secgroup"),
		{
			name: "one.secgroup.update", params: params(pID, pTemplate, pAppend),
			may: on(secgroup.Kind, one.Manage, 1), do: updating(secgroupUpdate),
		},
		{
			name: "one.secgroup.commit", params: params(pID, xmlrpc.Param{Name: "recovery", Type: xmlrpc.Bool}),
			may: on(secgroup.Kind, one.Manage, 1), do: change(secgroupCommit),
		},
		{
			name: "one.secgroup.clone", params: params(pID, pName),
			may: mayClone(secgroup.Kind, one.KindSecGroup), do: change(secgroupClone),
		},
		renameOf("secgroup", secgroup.Kind, one.Manage),
		chmodOf("secgroup", secgroup.Kind),
		chownOf("secgroup", secgroup.Kind),
		secgroups.filteredOf("secgrouppool"),
	}
}

var secgroups = pool[secgroup.SecGroup]{kind: secgroup.Kind, root: "SECURITY_GROUP_POOL", write: render.SecGroup}

func secgroupAllocate(tx *store.Tx, _ *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return -1, err
	}
	return secgroup.Allocate(tx, c.Caller, t)
}

func secgroupUpdate(tx *store.Tx, _ *Server, c *call, merge bool) (int, error) {
	if err := secgroup.Update(tx, c.Int(1), c.Text(2), merge); err != nil {
		return -1, err
	}
	return c.Int(1), vm.Propagate(tx, c.Int(1))
}

func secgroupCommit(tx *store.Tx, _ *Server, c *call) (int, error) {
	if err := secgroup.Commit(tx, c.Int(1), c.Bool(2)); err != nil {
		return -1, err
	}
	return c.Int(1), vm.Propagate(tx, c.Int(1))
}

func secgroupClone(tx *store.Tx, _ *Server, c *call) (int, error) {
	return secgroup.Clone(tx, c.Caller, c.Int(1), c.Text(2))
}
