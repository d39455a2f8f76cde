package group

import (
	"slices"

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

// openToMembers lets those who are in a group see it.
func (g *Group) openToMembers() { g.GID, g.Perms = g.ID, 0o040 }

// Delete removes a group that has no members; the caller counts them.
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
	return nil
}

// DelAdmin makes an administrator a mere member again.
func DelAdmin(tx *store.Tx, id, uid int) error {
	g, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	at, there := slices.BinarySearch(g.Admins, uid)
	if !there {
		return one.Errorf(one.CodeInternal, "Cannot edit group. User %d is not an administrator of Group %d.", uid, id)
	}
	g.Admins = slices.Delete(g.Admins, at, at+1)
	Kind.Put(tx, g)
	return nil
}

// DropAdmin takes a user who leaves out of the administrators, if he is one.
func DropAdmin(tx *store.Tx, id, uid int) {
	if g, ok := Kind.Table.Get(tx, store.ID(id)); ok && slices.Contains(g.Admins, uid) {
		c := g.Clone()
		c.Admins = slices.DeleteFunc(c.Admins, func(admin int) bool { return admin == uid })
		Kind.Put(tx, c)
	}
}

// updating keeps one value of each simple attribute, as oned does.
func updating(_ *store.Tx, _ *one.Caller, _, g *Group) error {
	g.Template.KeepLast()
	return nil
}

// Setup makes the groups that always are.
func Setup(tx *store.Tx) {
	users := &Group{Meta: object.Meta{ID: one.UsersGroupID, Name: "users"}}
	users.Template.SetVector("SUNSTONE", sunstone...)
	for _, g := range []*Group{{Meta: object.Meta{ID: one.OneadminGroupID, Name: "oneadmin"}}, users} {
		g.openToMembers()
		Kind.Put(tx, g)
	}
}
