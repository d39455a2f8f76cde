package network

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// free answers the first free address from NEXT_INDEX on, and behind the last
// one from the beginning. Addresses are given in turn: one that was given back
// stays unused as long as possible, so that nobody is mistaken for another.
func (a *AR) free(r store.Reader, vnet int) (int64, bool) {
	g := a.Range()
	size := g.Count()
	if g.shared || a.Used >= size {
		return 0, false
	}
	if at, ok := gap(r, vnet, a.ID, a.Next, size, 1); ok {
		return at, true
	}
	return gap(r, vnet, a.ID, 0, a.Next, 1)
}

// freeRun answers the first of n free addresses in a row, searched as free
// does.
func (a *AR) freeRun(r store.Reader, vnet int, n int64) (int64, bool) {
	g := a.Range()
	size := g.Count()
	if g.shared || n > size-a.Used {
		return 0, false
	}
	if at, ok := gap(r, vnet, a.ID, a.Next, size, n); ok {
		return at, true
	}
	return gap(r, vnet, a.ID, 0, min(a.Next+n-1, size), n)
}

// gap finds n addresses in a row without a lease in [from, to). It walks the
// leases that are in the way, not the addresses, and looks at their keys alone:
// a range that is nearly full has many.
func gap(r store.Reader, vnet, ar int, from, to, n int64) (int64, bool) {
	at := from
	first, end := leaseKey(vnet, ar, from), leaseKey(vnet, ar, to)
	for row := range Leases.From(r, first) {
		index := from + row.Key.B - first.B
		if !row.Key.Less(end) || index-at >= n {
			break
		}
		at = index + 1
	}
	return at, at+n <= to
}

// taken tells whether any of n addresses from index on has a lease.
func taken(r store.Reader, vnet, ar int, index, n int64) bool {
	at, ok := gap(r, vnet, ar, index, index+n, n)
	return !ok || at != index
}

// IsFree tells whether an address of a range is nobody's.
func (n *VNet) IsFree(r store.Reader, arID int, ip string) bool {
	a, ok := n.ar(arID)
	if !ok {
		return false
	}
	want := attr.NewVector("NIC", attr.Pair{Key: "IP", Value: ip})
	at, valid, _ := asked(&want)
	if !valid {
		return false
	}
	g := a.Range()
	index, inside := g.index(at)
	return inside && !taken(r, n.ID, a.ID, index, 1)
}
