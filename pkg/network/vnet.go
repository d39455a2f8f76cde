// Package network implements virtual networks: address ranges, leases, reservations, and what
// NICs inherit from their network.
package network

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// VNet is a virtual network. Its leases are rows of the table Leases.
type VNet struct {
	object.Meta
	Clusters      []int         `cbor:"10,keyasint"` // in order
	Bridge        string        `cbor:"11,keyasint"`
	BridgeType    string        `cbor:"12,keyasint"`
	State         one.VNetState `cbor:"13,keyasint"`
	ParentID      int           `cbor:"15,keyasint"` // the network it is a reservation of, or -1
	TemplateID    int           `cbor:"16,keyasint"` // the network template it was instantiated from, or -1
	VNMad         string        `cbor:"17,keyasint"`
	PhyDev        string        `cbor:"18,keyasint"`
	VLANID        string        `cbor:"19,keyasint"`
	OuterVLANID   string        `cbor:"20,keyasint"`
	VLANAuto      bool          `cbor:"21,keyasint"`
	OuterVLANAuto bool          `cbor:"22,keyasint"`
	ARs           []AR          `cbor:"23,keyasint"`
}

// AR is an address range. Attrs has its attributes as in OpenNebula (TYPE, IP, MAC, SIZE,
// GLOBAL_PREFIX …).
type AR struct {
	ID    int       `cbor:"1,keyasint"`
	Attrs attr.Attr `cbor:"2,keyasint"`
	Next  int64     `cbor:"3,keyasint"` // NEXT_INDEX: where the search for a free address starts
	Used  int64     `cbor:"4,keyasint"` // number of leases, so that a full range is recognized quickly
}

// Clone implements store.Cloner.
func (n *VNet) Clone() *VNet {
	c := *n
	c.Meta = n.Meta.Copy()
	c.Clusters = slices.Clone(n.Clusters)
	c.ARs = slices.Clone(n.ARs)
	for i := range c.ARs {
		c.ARs[i].Attrs.Vector = slices.Clone(c.ARs[i].Attrs.Vector)
	}
	return &c
}

// EachTemplate implements secret.Keeper, for the attributes of address ranges.
func (n *VNet) EachTemplate(change func(attr.Template) attr.Template) {
	n.Meta.EachTemplate(change)
	n.ARs = slices.Clone(n.ARs)
	for i := range n.ARs {
		n.ARs[i].Attrs = change(attr.Template{n.ARs[i].Attrs})[0]
	}
}

// ByCluster finds the networks of a cluster.
var ByCluster = store.NewIndex(func(n *VNet) []string { return store.Texts(n.Clusters) })

// Kind describes networks to the shared verbs.
var Kind = object.Define("vnet", object.Spec[VNet]{
	Kind:     one.KindNet,
	Names:    object.NamesPerOwner,
	Lockable: true,
	Clusters: (*VNet).aclClusters,
	Personal: (*VNet).IsReservation,
	Chowned:  chowned,
}, ByCluster, byVLAN)

// aclClusters are the clusters by which ACL rules apply to the network. For reservations there
// are none: rules for a cluster, or for all objects, do not apply to them
// (VirtualNetwork::get_permissions).
func (n *VNet) aclClusters() []int {
	if n.IsReservation() {
		return nil
	}
	return n.Clusters
}

// IsReservation reports whether the network's addresses are reserved from another network.
func (n *VNet) IsReservation() bool { return n.ParentID != None }

// None stands for no network, or no network template.
const None = -1

// ar returns the address range with that ID. It may be changed if n is a copy.
func (n *VNet) ar(id int) (*AR, bool) {
	at, ok := slices.BinarySearchFunc(n.ARs, id, func(a AR, id int) int { return a.ID - id })
	if !ok {
		return nil, false
	}
	return &n.ARs[at], true
}

// nextAR is the ID of the next address range. oned takes the highest ID plus one, so the ID of
// a removed last range is used again.
func (n *VNet) nextAR() int {
	if len(n.ARs) == 0 {
		return 0
	}
	return n.ARs[len(n.ARs)-1].ID + 1
}

// RangeOfID returns the attributes of the address range with that ID.
func (n *VNet) RangeOfID(id int) (attr.Attr, bool) {
	a, ok := n.ar(id)
	if !ok {
		return attr.Attr{}, false
	}
	return a.Attrs, true
}
