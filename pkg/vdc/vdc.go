// Package vdc is the noun virtual data centre: which groups may use which
// clusters, hosts, datastores and networks.
package vdc

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// DefaultID is the VDC that every new group joins.
const DefaultID = 0

// All stands for all objects of a kind in a zone.
const All = -10

// VDC is a virtual data centre.
type VDC struct {
	object.Meta
	Groups     []int      `cbor:"10,keyasint,omitempty"` // in order
	Clusters   []Resource `cbor:"11,keyasint,omitempty"`
	Hosts      []Resource `cbor:"12,keyasint,omitempty"`
	Datastores []Resource `cbor:"13,keyasint,omitempty"`
	VNets      []Resource `cbor:"14,keyasint,omitempty"`
}

// Resource is an object of a zone, or All of a kind.
type Resource struct {
	ZoneID int `cbor:"1,keyasint"`
	ID     int `cbor:"2,keyasint"`
}

// Clone implements store.Cloner.
func (v *VDC) Clone() *VDC {
	return &VDC{
		Meta: v.Meta.Copy(), Groups: slices.Clone(v.Groups), Clusters: slices.Clone(v.Clusters),
		Hosts: slices.Clone(v.Hosts), Datastores: slices.Clone(v.Datastores), VNets: slices.Clone(v.VNets),
	}
}

// Kind describes VDCs to the shared verbs.
var Kind = object.Define("vdc", object.Spec[VDC]{Kind: one.KindVDC, Names: object.NamesGlobal, First: 100})

// Setup makes the VDC that every group joins, with the group users in it.
func Setup(tx *store.Tx) error {
	v := &VDC{
		Meta:     object.Meta{ID: DefaultID, Name: "default"},
		Groups:   []int{one.UsersGroupID},
		Clusters: []Resource{{ZoneID: 0, ID: All}},
	}
	v.Template.Set("DESCRIPTION", "Every new group is added to this VDC. Use it to store default access rules for "+
		"your groups. NOTE: You may need to remove a group from the default VDC before assigning it to other VDC.")
	Kind.Put(tx, v)
	return v.open(tx, one.UsersGroupID)
}
