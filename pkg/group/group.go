// Package group is the noun group: users who share, with their administrators
// and quotas. Its members are the users who name it (user.ByMembership).
package group

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// Group is a group of users.
type Group struct {
	object.Meta
	Admins []int         `cbor:"10,keyasint,omitempty"` // in order
	VLANs  attr.Template `cbor:"11,keyasint,omitempty"` // VLAN_RULES, see VLANRules
}

// Clone implements store.Cloner.
func (g *Group) Clone() *Group {
	return &Group{Meta: g.Meta.Copy(), Admins: slices.Clone(g.Admins), VLANs: g.VLANs.Clone()}
}

// IsAdmin tells whether a user administers the group.
func (g *Group) IsAdmin(uid int) bool {
	_, is := slices.BinarySearch(g.Admins, uid)
	return is
}

// Kind describes groups to the shared verbs.
var Kind = object.Define("group", object.Spec[Group]{
	Kind:     one.KindGroup,
	Names:    object.NamesGlobal,
	NameBans: " ",
	First:    100,
	Updating: updating,
})
