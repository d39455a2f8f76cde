// Package secgroup is the noun security group: firewall rules that VMs get
// through their NICs.
package secgroup

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// DefaultID is the group that every network has unless it says otherwise.
const DefaultID = 0

// SecGroup is a security group. Which VMs run with its newest rules is kept
// here, as four lists.
type SecGroup struct {
	object.Meta
	Updated  []int `cbor:"10,keyasint,omitempty"`
	Outdated []int `cbor:"11,keyasint,omitempty"`
	Updating []int `cbor:"12,keyasint,omitempty"`
	Failed   []int `cbor:"13,keyasint,omitempty"`
}

// Clone implements store.Cloner.
func (g *SecGroup) Clone() *SecGroup {
	return &SecGroup{
		Meta:     g.Meta.Copy(),
		Updated:  slices.Clone(g.Updated),
		Outdated: slices.Clone(g.Outdated),
		Updating: slices.Clone(g.Updating),
		Failed:   slices.Clone(g.Failed),
	}
}

// Kind describes security groups to the shared verbs.
var Kind = object.Define("secgroup", object.Spec[SecGroup]{
	Kind:  one.KindSecGroup,
	Names: object.NamesPerOwner,
	First: 100,
})
