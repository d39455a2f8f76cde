package group

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Allocate makes an empty group.
func Allocate(tx *store.Tx, name string) (int, error) {
	g := &Group{Meta: object.Meta{Name: name}}
	id, err := Kind.Add(tx, g)
	if err != nil {
		return -1, err
	}
	g.openToMembers()
	Kind.Put(tx, g)
	return id, nil
}

// openToMembers lets members see the group (constructor of Group).
func (g *Group) openToMembers() { g.GID, g.GName, g.Perms = g.ID, g.Name, 0o640 }

// Delete removes a group without members. The caller counts them.
func Delete(tx *store.Tx, id, members int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	switch {
	case id < Kind.First:
		return one.Errorf(one.CodeAction, "Cannot delete group. System Groups (ID < %d) cannot be deleted.", Kind.First)
	case members > 0:
		return one.Errorf(one.CodeAction, "Cannot delete group. Group %d is not empty.", id)
	}
	Kind.Remove(tx, id)
	quota.Forget(tx, quota.Groups, id)
	acl.ForgetGroup(tx, id)
	return nil
}

// AddAdmin makes a member an administrator of the group.
func AddAdmin(tx *store.Tx, id, uid int, member bool) error {
	g, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if !member {
		return one.Errorf(one.CodeInternal, "Cannot edit group. User %d is not part of Group %d.", uid, id)
	}
	at, there := slices.BinarySearch(g.Admins, uid)
	if there {
		return one.Errorf(one.CodeInternal, "Cannot edit group. User %d is already an administrator of Group %d.", uid, id)
	}
	g.Admins = slices.Insert(g.Admins, at, uid)
	Kind.Put(tx, g)
	return grantAdmin(tx, id, uid)
}

// DelAdmin removes an administrator; he stays a member.
func DelAdmin(tx *store.Tx, id, uid int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	if !DropAdmin(tx, id, uid) {
		return one.Errorf(one.CodeInternal, "Cannot edit group. User %d is not an administrator of Group %d.", uid, id)
	}
	return nil
}

// DropAdmin removes an administrator and his ACL rules. It returns false if the user is not an
// administrator.
func DropAdmin(tx *store.Tx, id, uid int) bool {
	g, ok := Kind.Table.Edit(tx, store.ID(id))
	if !ok {
		return false
	}
	at, there := slices.BinarySearch(g.Admins, uid)
	if !there {
		return false
	}
	g.Admins = slices.Delete(g.Admins, at, at+1)
	Kind.Put(tx, g)
	revokeAdmin(tx, id, uid)
	return true
}

// updating checks the lists of operations such as VM_USE_OPERATIONS.
func updating(_ *store.Tx, _ *one.Caller, _, g *Group) error {
	return one.CheckVMOperations(g.Template.Get)
}

// Setup makes the predefined groups.
func Setup(tx *store.Tx) {
	users := &Group{Meta: object.Meta{ID: one.UsersGroupID, Name: "users"}}
	users.Template.SetVector("SUNSTONE", sunstone...)
	for _, g := range []*Group{{Meta: object.Meta{ID: one.OneadminGroupID, Name: "oneadmin"}}, users} {
		g.openToMembers()
		Kind.Put(tx, g)
	}
}
