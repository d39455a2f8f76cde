package vdc

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Allocate makes a VDC without groups and resources.
func Allocate(tx *store.Tx, t attr.Template) (int, error) {
	v := &VDC{Meta: object.Meta{Name: t.Get("NAME"), Template: t}}
	v.Template.Del("NAME")
	return Kind.Add(tx, v)
}

// Delete removes a VDC, and the rights of its groups.
func Delete(tx *store.Tx, id int) error {
	v, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	if id < Kind.First {
		return one.Errorf(one.CodeAction, "Cannot delete VDC. System VDCs (ID < %d) cannot be deleted.", Kind.First)
	}
	for _, gid := range v.Groups {
		v.revokeAll(tx, gid)
	}
	Kind.Remove(tx, id)
	return nil
}

// Setup makes the default VDC, with the group users.
func Setup(tx *store.Tx) error {
	v := &VDC{
		Meta:     object.Meta{ID: DefaultID, Name: "default"},
		Groups:   []int{one.UsersGroupID},
		Clusters: []Resource{{ZoneID: 0, ID: All}},
	}
	v.Template.Set("DESCRIPTION", "Every new group is added to this VDC. Use it to store default access rules for "+
		"your groups. NOTE: You may need to remove a group from the default VDC before assigning it to other VDC.")
	Kind.Put(tx, v)
	return v.grantAll(tx, one.UsersGroupID)
}
