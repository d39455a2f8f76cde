package network

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Hold serves one.vn.hold: it reserves the address in LEASES so that no VM gets it. Without an
// AR_ID, it is held in all ranges that contain it.
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

// Release serves one.vn.release. It is no error if the address is not on hold.
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

// AdoptLease records a lease that h has in imported data. If h is a reservation, the lease counts
// in the quotas of its owner, who must have been imported before.
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

// leaseCall reads LEASES: the address and the ranges that are meant. in is empty for an invalid
// address.
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

// ranges returns the range that AR_ID names, or all ranges.
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
