// Package secgroup implements security groups: firewall rules for the NICs of VMs.
package secgroup

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// DefaultID is the group of networks that name no other.
const DefaultID = 0

// SecGroup is a security group. The table Members has its VMs.
type SecGroup struct {
	object.Meta
}

// Clone implements store.Cloner.
func (g *SecGroup) Clone() *SecGroup { return &SecGroup{Meta: g.Meta.Copy()} }

// Kind describes security groups to the shared verbs.
var Kind = object.Define("secgroup", object.Spec[SecGroup]{
	Kind:   one.KindSecGroup,
	Called: "SecurityGroup",
	Names:  object.NamesPerOwner,
	First:  100,
})
