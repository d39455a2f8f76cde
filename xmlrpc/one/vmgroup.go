package one

import (
	"context"
	"errors"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func vmgroupMethods() []method {
	kind := vmgroup.Kind
	roleText := xmlrpc.Param{Name: "ROLE template", Type: xmlrpc.String}
	roleID := xmlrpc.Param{Name: "role id", Type: xmlrpc.Int}
	manage := basic(kind, one.Manage, 1)
	return []method{
		{name: "one.vmgroup.allocate", params: params(pTemplate), may: createFrom(one.KindVMGroup, 1), do: vmgroupAllocate},
		{name: "one.vmgroup.delete", params: params(pID), may: on(kind, one.Manage, 1), do: deleting(one.KindVMGroup, byID(vmgroup.Delete))},
		vmgroups.infoOf("vmgroup"),
		{name: "one.vmgroup.update", params: params(pID, pTemplate, pAppend), may: manage, do: updating(vmgroupUpdate)},
		renameOf("vmgroup", kind, one.Manage),
		chmodOf("vmgroup", kind),
		chownOf("vmgroup", kind),
		lockOf("vmgroup", kind),
		unlockOf("vmgroup", kind),
		{name: "one.vmgroup.roleadd", params: params(pID, roleText), may: manage, do: change(vmgroupAddRole)},
		{name: "one.vmgroup.roledelete", params: params(pID, roleID), may: manage, do: change(vmgroupDelRole)},
		{name: "one.vmgroup.roleupdate", params: params(pID, roleID, roleText), may: manage, do: change(vmgroupUpdateRole)},
		vmgroups.filteredOf("vmgrouppool"),
		{
			name: "one.vm.vmgroupadd", params: append(ints("object id", "VM group id"), xmlrpc.Param{Name: "role", Type: xmlrpc.String}),
			may: after(onVM(one.ActionVMGroupAdd), on(kind, one.Use, 2)), do: change(vmJoinGroup),
		},
		{name: "one.vm.vmgroupdel", params: params(pID), may: onVM(one.ActionVMGroupDel), do: change(byID(vm.LeaveGroup))},
	}
}

var vmgroups = pool[vmgroup.VMGroup]{kind: vmgroup.Kind, root: "VM_GROUP_POOL", write: render.VMGroup}

func vmgroupAllocate(ctx context.Context, s *Server, c *call) (any, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return nil, err
	}
	id, err := s.update(ctx, c, func(tx *store.Tx) (any, error) { return vmgroup.Allocate(tx, c.Caller, t.Clone()) })
	if err != nil && vmgroup.Malformed(t) {
		return nil, errors.Join(err, s.Store.Update(ctx, func(tx *store.Tx) error { vmgroup.SkipFirstID(tx); return nil }))
	}
	return id, err
}

func vmgroupUpdate(tx *store.Tx, _ *Server, c *call, merge bool) (int, error) {
	return c.Int(1), vmgroup.Update(tx, c.Int(1), c.Text(2), merge, vm.CountInRole)
}

func vmgroupAddRole(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), vmgroup.AddRole(tx, c.Int(1), c.Text(2))
}

func vmgroupDelRole(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), vmgroup.DelRole(tx, c.Int(1), c.Int(2), vm.CountInRole)
}

func vmgroupUpdateRole(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), vmgroup.UpdateRole(tx, c.Int(1), c.Int(2), c.Text(3), vm.CountInRole)
}

func vmJoinGroup(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), vm.JoinGroup(tx, c.Int(1), c.Int(2), c.Text(3))
}
