// Package group implements groups of users, with administrators and quotas. user.ByMembership
// finds the members.
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
	VLANs  attr.Template `cbor:"11,keyasint,omitempty"` // the parsed VLAN_RULES; see VLANRules
}

// Clone implements store.Cloner.
func (g *Group) Clone() *Group {
	return &Group{Meta: g.Meta.Copy(), Admins: slices.Clone(g.Admins), VLANs: g.VLANs.Clone()}
}

// IsAdmin reports whether a user administers the group.
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
