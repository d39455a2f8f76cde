// Package vdc implements virtual data centres: which groups may use which clusters, hosts,
// datastores and networks. The rights are ACL rules, which are made and deleted as groups and
// resources come and go.
package vdc

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// DefaultID is the VDC that new groups are added to.
const DefaultID = 0

// All is the ID that stands for all objects of a kind in a zone.
const All = -10

// VDC is a virtual data centre.
type VDC struct {
	object.Meta
	Groups     []int      `cbor:"10,keyasint,omitempty"` // in order
	Clusters   []Resource `cbor:"11,keyasint,omitempty"` // resources are sorted by zone and ID
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
var Kind = object.Define("vdc", object.Spec[VDC]{
	Kind: one.KindVDC, Called: "Vdc", Names: object.NamesGlobal, First: 100,
})
