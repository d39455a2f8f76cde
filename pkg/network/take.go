package network

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// take makes h a holder of an address that is free or shared.
func (n *VNet) take(tx *store.Tx, a *AR, index int64, h Holder) {
	key := leaseKey(n.ID, a.ID, index)
	if l, ok := Leases.Edit(tx, key); ok {
		l.Others = append(l.Others, h)
		Leases.Put(tx, key, l)
		return
	}
	Leases.Put(tx, key, &Lease{VNet: n.ID, AR: a.ID, Index: index, Holder: h})
	a.Used++
	if a.Attrs.Get(allocated) == "" {
		a.Attrs.Set(allocated, "")
	}
}

// allocated is the attribute in which oned stores leases. Here it only records that the range
// has ever had leases, because pools show it from then on.
const allocated = "ALLOCATED"

// give releases h's lease of an address, and reports whether h had it.
func (n *VNet) give(tx *store.Tx, a *AR, index int64, h Holder) bool {
	key := leaseKey(n.ID, a.ID, index)
	l, ok := Leases.Edit(tx, key)
	if !ok {
		return false
	}
	if at := slices.Index(l.Others, h); at >= 0 {
		l.Others = slices.Delete(l.Others, at, at+1)
		Leases.Put(tx, key, l)
		return true
	}
	if l.Holder != h {
		return false
	}
	if len(l.Others) > 0 {
		l.Holder, l.Others = l.Others[0], l.Others[1:]
		Leases.Put(tx, key, l)
		return true
	}
	Leases.Delete(tx, key)
	a.Used--
	return true
}

// advance sets NEXT_INDEX to the index after the last lease.
func (a *AR) advance(last int64) {
	g := a.Range()
	a.Next = last + 1
	if a.Next >= g.Count() {
		a.Next = 0
	}
}
