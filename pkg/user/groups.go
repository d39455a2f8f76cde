package user

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// SetGroup changes the primary group of a user. The user leaves the previous one, unless he was
// a member of the new one already.
func SetGroup(tx *store.Tx, id, gid int) error {
	u, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	g, err := group.Kind.Get(tx, gid)
	if err != nil {
		return err
	}
	if err := CheckMovable(id); err != nil {
		return err
	}
	if u.GID == gid {
		return nil
	}
	old := u.GID
	u.GID, u.GName = gid, g.Name
	if u.join(gid) {
		u.leave(old)
		group.DropAdmin(tx, old, id)
	}
	Kind.Put(tx, u)
	touchGroups(tx, []int{old, gid})
	return nil
}

// CheckMovable refuses to change the primary group of oneadmin.
func CheckMovable(id int) error {
	if id == one.OneadminID {
		return one.Errorf(one.CodeInternal, "user [0] oneadmin cannot be moved outside of the group [0] oneadmin")
	}
	return nil
}

// AddGroup adds a user to a secondary group.
func AddGroup(tx *store.Tx, id, gid int) error {
	u, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if _, err := group.Kind.Get(tx, gid); err != nil {
		return err
	}
	if !u.join(gid) {
		return one.Errorf(one.CodeAction, "User is already in this group")
	}
	Kind.Put(tx, u)
	touchGroups(tx, []int{gid})
	return nil
}

// DelGroup removes a user from a secondary group.
func DelGroup(tx *store.Tx, id, gid int) error {
	u, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if _, err := group.Kind.Get(tx, gid); err != nil {
		return err
	}
	if u.GID == gid {
		return one.Errorf(one.CodeAction, "Cannot remove user from the primary group")
	}
	if !u.leave(gid) {
		return one.Errorf(one.CodeAction, "User is not part of this group")
	}
	group.DropAdmin(tx, gid, id)
	Kind.Put(tx, u)
	touchGroups(tx, []int{gid})
	return nil
}

// join returns false if the user is a member already.
func (u *User) join(gid int) bool {
	at, there := slices.BinarySearch(u.Groups, gid)
	if !there {
		u.Groups = slices.Insert(u.Groups, at, gid)
	}
	return !there
}

// leave returns false if the user is not a member.
func (u *User) leave(gid int) bool {
	at, there := slices.BinarySearch(u.Groups, gid)
	if there {
		u.Groups = slices.Delete(u.Groups, at, at+1)
	}
	return there
}
