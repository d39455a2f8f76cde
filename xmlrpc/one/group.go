package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func groupMethods() []method {
	quotaText := xmlrpc.Param{Name: "quota", Type: xmlrpc.String}
	return []method{
		{name: "one.group.allocate", params: params(xmlrpc.Param{Name: "group name", Type: xmlrpc.String}), may: create(one.KindGroup), do: change(groupAllocate)},
		{name: "one.group.delete", params: params(pID), may: on(group.Kind, one.Admin, 1), do: change(groupDelete)},
		{name: "one.group.info", params: params(pID, pDecrypt), may: mayGroupInfo, do: groupInfo},
		updateOf("group", group.Kind, one.Admin), // 7.4 has no right of its own for it
		{name: "one.group.addadmin", params: ints("group id", "user id"), may: all(on(group.Kind, one.Admin, 1), on(user.Kind, one.Admin, 2)), do: change(groupAddAdmin)},
		{name: "one.group.deladmin", params: ints("group id", "user id"), may: all(on(group.Kind, one.Admin, 1), on(user.Kind, one.Admin, 2)), do: change(byIDs(group.DelAdmin))},
		{name: "one.group.quota", params: params(pID, quotaText), may: mayGroupQuota, do: change(groupQuota)},
		{
			name: "one.group.vlan", params: params(pID, xmlrpc.Param{Name: "VLAN rules", Type: xmlrpc.String}),
			may: basic(group.Kind, one.Admin, 1), do: change(groupVLAN),
		},
		{name: "one.grouppool.info", do: groupPool},
		{name: "one.groupquota.info", do: quotaDefaults("DEFAULT_GROUP_QUOTAS", quota.OfGroups)},
		{name: "one.groupquota.update", params: params(quotaText), may: maySetDefaults, do: setQuotaDefaults("DEFAULT_GROUP_QUOTAS", quota.OfGroups)},
	}
}

// groupAllocate also adds the group to the default VDC.
func groupAllocate(tx *store.Tx, _ *Server, c *call) (int, error) {
	id, err := group.Allocate(tx, c.Text(1))
	if err != nil {
		return -1, err
	}
	return id, vdc.JoinDefault(tx, id)
}

func groupDelete(tx *store.Tx, _ *Server, c *call) (int, error) {
	if err := group.Delete(tx, c.Int(1), len(user.Members(tx, c.Int(1)))); err != nil {
		return -1, err
	}
	vdc.Forget(tx, c.Int(1))
	return c.Int(1), nil
}

func mayGroupInfo(c *call) ([]acl.Ask, error) {
	return basicOn(c, group.Kind, one.UseNoLock, orMyself(c, 1, c.Caller.GID))
}

func groupInfo(_ context.Context, _ *Server, c *call) (any, error) {
	g, err := group.Kind.Get(c.Snap, orMyself(c, 1, c.Caller.GID))
	if err != nil {
		return nil, err
	}
	return text(fresh(c.Snap, g, render.Group)), nil
}

var groups = pool[group.Group]{kind: group.Kind, root: "GROUP_POOL", form: unkept, write: render.PoolGroup}

func groupPool(_ context.Context, _ *Server, c *call) (any, error) {
	return groups.infoWith(c, everything, func(w *render.Writer) {
		render.DefaultQuotas(w, c.Snap, "DEFAULT_GROUP_QUOTAS", quota.OfGroups)
	}), nil
}

func groupAddAdmin(tx *store.Tx, _ *Server, c *call) (int, error) {
	u, err := user.Kind.Get(tx, c.Int(2))
	if err != nil {
		return -1, err
	}
	return c.Int(1), group.AddAdmin(tx, c.Int(1), u.ID, u.In(c.Int(1)))
}

// mayGroupQuota refuses a group that does not exist as oned does, as if a right were
// missing. Nobody may set quotas of oneadmin's group, and that is checked first.
func mayGroupQuota(c *call) ([]acl.Ask, error) {
	if c.Int(1) == one.OneadminGroupID {
		return nil, one.Errorf(one.CodeAction, "Cannot set quotas for oneadmin group")
	}
	asks, err := basicOn(c, group.Kind, one.Admin, c.Int(1))
	if err != nil {
		return nil, one.Errorf(one.CodeAuthorization, "User [%d] not authorized to perform action on group.", c.Caller.UID).At(c.Int(1))
	}
	return asks, nil
}

func groupQuota(tx *store.Tx, _ *Server, c *call) (int, error) {
	t, err := parseQuota(c.Text(2))
	if err != nil {
		return -1, err
	}
	if _, err := group.Kind.Get(tx, c.Int(1)); err != nil {
		return -1, err
	}
	return c.Int(1), quota.SetLimits(tx, quota.Groups, c.Int(1), t, usedBy(func(_, gid int) bool { return gid == c.Int(1) }))
}

func groupVLAN(tx *store.Tx, _ *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(2))
	if err != nil {
		return -1, one.Errorf(one.CodeAction, "%v", err)
	}
	return c.Int(1), group.SetVLANs(tx, c.Int(1), t)
}
