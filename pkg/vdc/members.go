package vdc

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// JoinDefault adds a new group to the default VDC.
func JoinDefault(tx *store.Tx, gid int) error {
	v, err := Kind.Get(tx, DefaultID)
	if err != nil || slices.Contains(v.Groups, gid) {
		return err
	}
	return AddGroup(tx, DefaultID, gid)
}

// AddGroup adds a group to a VDC, and gives it the VDC's resources.
func AddGroup(tx *store.Tx, id, gid int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	at, there := slices.BinarySearch(v.Groups, gid)
	if there {
		return one.Errorf(one.CodeInternal, "Group %d is already assigned to the VDC %d", gid, id)
	}
	v.Groups = slices.Insert(v.Groups, at, gid)
	Kind.Put(tx, v)
	return v.grantAll(tx, gid)
}

// DelGroup removes a group from a VDC, and takes the VDC's resources from it.
func DelGroup(tx *store.Tx, id, gid int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	at, there := slices.BinarySearch(v.Groups, gid)
	if !there {
		return one.Errorf(one.CodeInternal, "Group %d is not assigned to the VDC %d", gid, id)
	}
	v.Groups = slices.Delete(v.Groups, at, at+1)
	Kind.Put(tx, v)
	v.revokeAll(tx, gid)
	return nil
}

// Forget removes a deleted group from all VDCs.
func Forget(tx *store.Tx, gid int) {
	for _, id := range vdcsWhere(tx, func(v *VDC) bool { return slices.Contains(v.Groups, gid) }) {
		DelGroup(tx, id, gid) //nolint:errcheck // the group is in it
	}
}

// vdcsWhere lists the VDCs for which is returns true.
func vdcsWhere(r store.Reader, is func(*VDC) bool) []int {
	var ids []int
	for row := range Kind.Table.All(r) {
		if is(row.Val) {
			ids = append(ids, row.Val.ID)
		}
	}
	return ids
}
