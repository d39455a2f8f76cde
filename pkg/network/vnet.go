// Package network is the noun virtual network: address ranges, the leases
// given from them, reservations, and what a NIC inherits from its network.
package network

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// VNet is a virtual network. Its leases are rows of Leases.
type VNet struct {
	object.Meta
	Clusters      []int         `cbor:"10,keyasint"` // in order
	Bridge        string        `cbor:"11,keyasint"`
	BridgeType    string        `cbor:"12,keyasint"`
	State         one.VNetState `cbor:"13,keyasint"`
	ParentID      int           `cbor:"15,keyasint"` // the network it was reserved from, -1
	TemplateID    int           `cbor:"16,keyasint"` // the network template it was made from, -1
	VNMad         string        `cbor:"17,keyasint"`
	PhyDev        string        `cbor:"18,keyasint"`
	VLANID        string        `cbor:"19,keyasint"`
	OuterVLANID   string        `cbor:"20,keyasint"`
	VLANAuto      bool          `cbor:"21,keyasint"`
	OuterVLANAuto bool          `cbor:"22,keyasint"`
	ARs           []AR          `cbor:"23,keyasint"`
}

// AR is an address range: Attrs holds it as OpenNebula does (TYPE, IP, MAC,
// SIZE, GLOBAL_PREFIX …).
type AR struct {
	ID    int       `cbor:"1,keyasint"`
	Attrs attr.Attr `cbor:"2,keyasint"`
	Next  int64     `cbor:"3,keyasint"` // NEXT_INDEX: where the search for a free address begins
	Used  int64     `cbor:"4,keyasint"` // addresses with a lease, so that a full range is seen at once
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

// EachTemplate implements secret.Keeper: an address range is one attribute.
func (n *VNet) EachTemplate(change func(attr.Template) attr.Template) {
	n.Meta.EachTemplate(change)
	n.ARs = slices.Clone(n.ARs)
	for i := range n.ARs {
		n.ARs[i].Attrs = change(attr.Template{n.ARs[i].Attrs})[0]
	}
}

// ByCluster finds networks by the clusters they serve.
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

// aclClusters are the clusters by which ACL rules reach the network. A
// reservation is its owner's: rules for clusters, or for all, do not reach it
// (VirtualNetwork::get_permissions).
func (n *VNet) aclClusters() []int {
	if n.IsReservation() {
		return nil
	}
	return n.Clusters
}

// IsReservation tells whether the network is made of another's addresses.
func (n *VNet) IsReservation() bool { return n.ParentID != None }

// None is the ID of no network: the ParentID of one that is not a reservation.
const None = -1

// ar answers the address range of that ID, ours to change in a copy of the
// network. Ranges are in order of their IDs.
func (n *VNet) ar(id int) (*AR, bool) {
	at, ok := slices.BinarySearchFunc(n.ARs, id, func(a AR, id int) int { return a.ID - id })
	if !ok {
		return nil, false
	}
	return &n.ARs[at], true
}

// nextAR is the ID of the next address range: oned counts on from the greatest there is,
// so that the ID of a last one that was removed is given again.
func (n *VNet) nextAR() int {
	if len(n.ARs) == 0 {
		return 0
	}
	return n.ARs[len(n.ARs)-1].ID + 1
}

// RangeOfID answers the attributes of the address range of that ID.
func (n *VNet) RangeOfID(id int) (attr.Attr, bool) {
	a, ok := n.ar(id)
	if !ok {
		return attr.Attr{}, false
	}
	return a.Attrs, true
}
