package network

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Hold serves one.vn.hold: nobody is to get the address that LEASES names. Where
// no AR_ID is given, it is held in all ranges that have it.
func Hold(tx *store.Tx, id int, t attr.Template) error {
	n, want, in, err := leaseCall(tx, id, t, "Could not execute one.vn.hold")
	if err != nil {
		return err
	}
	held := false
	for _, a := range in {
		g := a.Range()
		if index, ok := g.index(want); ok && !taken(tx, n.ID, a.ID, index, 1) {
			n.take(tx, a, index, OnHold)
			held = true
		}
	}
	if !held {
		return wrong("Address is not part of the address range or in use.")
	}
	Kind.Put(tx, n)
	return nil
}

// Release serves one.vn.release. An address that is not on hold is fine.
func Release(tx *store.Tx, id int, t attr.Template) error {
	n, want, in, err := leaseCall(tx, id, t, "Could not execute one.vn.release")
	if err != nil {
		return err
	}
	for _, a := range in {
		g := a.Range()
		if index, ok := g.index(want); ok {
			n.give(tx, a, index, OnHold)
		}
	}
	Kind.Put(tx, n)
	return nil
}

// AdoptLease makes h the holder of an address, as he was elsewhere. What a reservation
// holds counts for its owner, who is there already.
func AdoptLease(tx *store.Tx, id, arID int, index int64, h Holder) error {
	n, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	a, ok := n.ar(arID)
	if !ok {
		return wrong("Address Range with ID %d was not found.", arID)
	}
	if g := a.Range(); index < 0 || index >= g.Count() {
		return wrong("Address %d is not part of range %d of network %d.", index, arID, id)
	}
	n.take(tx, a, index, h)
	Kind.Put(tx, n)
	if owner, ok := Kind.Table.Get(tx, store.ID(h.ID)); ok && h.Kind == one.KindNet {
		quota.Count(tx, owner.UID, owner.GID, ofLeases(id, 1))
	}
	return nil
}

// leaseCall reads which address of a network LEASES names, and the ranges in
// which it is meant. An address that is none is in no range.
func leaseCall(tx *store.Tx, id int, t attr.Template, cannot string) (n *VNet, want address, in []*AR, err error) {
	if n, err = ready(tx, id, cannot); err != nil {
		return nil, want, nil, err
	}
	v := t.Vector("LEASES")
	if v == nil {
		return nil, want, nil, wrong("Empty lease description.")
	}
	want, valid, named := asked(v)
	switch {
	case named == 0:
		return nil, want, nil, wrong("Missing MAC, IP or IP6.")
	case named > 1:
		return nil, want, nil, wrong("Only one attribute MAC, IP or IP6 can be set.")
	case !valid:
		return n, want, nil, nil
	}
	return n, want, n.ranges(v), nil
}

// ranges answers the range that a lease names by AR_ID, or all.
func (n *VNet) ranges(v *attr.Attr) []*AR {
	if arID, ok := v.Int("AR_ID"); ok {
		if a, ok := n.ar(arID); ok {
			return []*AR{a}
		}
		return nil
	}
	all := make([]*AR, len(n.ARs))
	for i := range n.ARs {
		all[i] = &n.ARs[i]
	}
	return all
}
