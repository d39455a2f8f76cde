package vdc

import (
	"cmp"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// AddResource adds a resource to a VDC: an object in a zone, or All of a kind. All replaces the
// single objects of that kind and zone.
func AddResource(tx *store.Tx, id int, kind one.Kind, r Resource) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	set := v.set(kind)
	at, there := slices.BinarySearchFunc(*set, r, compare)
	if there {
		return one.Errorf(one.CodeInternal, "%s %d from Zone %d is already assigned to the VDC", kind, r.ID, r.ZoneID)
	}
	*set = slices.Insert(*set, at, r)
	if err := v.grant(tx, kind, r); err != nil {
		return err
	}
	if r.ID == All {
		v.dropSingle(tx, kind, r.ZoneID)
	}
	Kind.Put(tx, v)
	return nil
}

// DelResource removes a resource from a VDC.
func DelResource(tx *store.Tx, id int, kind one.Kind, r Resource) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	set := v.set(kind)
	at, there := slices.BinarySearchFunc(*set, r, compare)
	if !there {
		return one.Errorf(one.CodeInternal, "%s %d from Zone %d is not assigned to the VDC ", kind, r.ID, r.ZoneID)
	}
	*set = slices.Delete(*set, at, at+1)
	v.revoke(tx, kind, r)
	Kind.Put(tx, v)
	return nil
}

// ForgetResource removes a deleted object from all VDCs.
func ForgetResource(tx *store.Tx, kind one.Kind, r Resource) {
	for _, id := range vdcsWhere(tx, func(v *VDC) bool { return slices.Contains(*v.set(kind), r) }) {
		DelResource(tx, id, kind, r) //nolint:errcheck // the object is in it
	}
}

// dropSingle removes the single objects of a zone.
func (v *VDC) dropSingle(tx *store.Tx, kind one.Kind, zoneID int) {
	set := v.set(kind)
	*set = slices.DeleteFunc(*set, func(r Resource) bool {
		single := r.ZoneID == zoneID && r.ID != All
		if single {
			v.revoke(tx, kind, r)
		}
		return single
	})
}

// set is the list of resources of a kind.
func (v *VDC) set(kind one.Kind) *[]Resource {
	switch kind {
	case one.KindCluster:
		return &v.Clusters
	case one.KindHost:
		return &v.Hosts
	case one.KindDatastore:
		return &v.Datastores
	}
	return &v.VNets
}

// kinds are the kinds that can be resources of VDCs.
var kinds = [...]one.Kind{one.KindCluster, one.KindHost, one.KindDatastore, one.KindNet}

func compare(a, b Resource) int {
	return cmp.Or(cmp.Compare(a.ZoneID, b.ZoneID), cmp.Compare(a.ID, b.ID))
}
