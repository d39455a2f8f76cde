package network

import (
	"iter"
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Holder is who has a lease: a VM, a virtual router, or a network (for reservations).
type Holder struct {
	Kind one.Kind `cbor:"1,keyasint"`
	ID   int      `cbor:"2,keyasint"`
}

// OnHold is the holder of leases that are on hold: VM -1, as in oned.
var OnHold = Holder{Kind: one.KindVM, ID: -1}

func (h Holder) key() string { return h.Kind.String() + " " + strconv.Itoa(h.ID) }

// Lease is one address in use. Its key is (network, address range and index).
type Lease struct {
	VNet   int      `cbor:"1,keyasint"`
	AR     int      `cbor:"2,keyasint"`
	Index  int64    `cbor:"3,keyasint"` // counted from the range's first address
	Holder Holder   `cbor:"4,keyasint"`
	Others []Holder `cbor:"5,keyasint,omitempty"` // further holders, in a shared range
}

// Clone implements store.Cloner.
func (l *Lease) Clone() *Lease {
	c := *l
	c.Others = slices.Clone(l.Others)
	return &c
}

// maxAddresses bounds the leases of a range: the index is half of a key, and MACs count in
// their lower 32 bits.
const maxAddresses = 1 << 32

// leaseKey is the key of a lease. With an index after the last one, it is where the next range
// begins.
func leaseKey(vnet, ar int, index int64) store.Key {
	return store.Key{A: int64(vnet), B: int64(ar)<<32 + index}
}

// ByHolder finds the leases of a holder.
var ByHolder = store.NewIndex(func(l *Lease) []string {
	keys := []string{l.Holder.key()}
	for _, h := range l.Others {
		keys = append(keys, h.key())
	}
	return keys
})

// Leases is the table of leases.
var Leases = store.NewTable("lease", ByHolder)

// LeasesOf walks the leases of an address range, in order of their addresses.
func LeasesOf(r store.Reader, vnet, ar int) iter.Seq[*Lease] {
	return leasesFrom(r, vnet, ar, 0)
}

// leasesFrom walks the leases of an address range from an index on.
func leasesFrom(r store.Reader, vnet, ar int, index int64) iter.Seq[*Lease] {
	return func(yield func(*Lease) bool) {
		for row := range Leases.From(r, leaseKey(vnet, ar, index)) {
			if l := row.Val; l.VNet != vnet || l.AR != ar || !yield(l) {
				return
			}
		}
	}
}

// Holders walks all who have this lease.
func (l *Lease) Holders() iter.Seq[Holder] {
	return func(yield func(Holder) bool) {
		if !yield(l.Holder) {
			return
		}
		for _, h := range l.Others {
			if !yield(h) {
				return
			}
		}
	}
}

// heldBy collects the leases of a holder, in all networks.
func heldBy(r store.Reader, h Holder) []*Lease {
	var list []*Lease
	for row := range ByHolder.Find(r, h.key()) {
		list = append(list, row.Val)
	}
	return list
}
