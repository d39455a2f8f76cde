// Package secgroup is the noun security group: firewall rules that VMs get
// through their NICs.
package secgroup

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// DefaultID is the group that every network has unless it says otherwise.
const DefaultID = 0

// SecGroup is a security group. Which VMs have its rules is told by Members.
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
