package network

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// free returns the first free address from NEXT_INDEX on, then from the start of the range. So
// an address that was released stays unused for as long as possible, and a new VM is not taken
// for the old one.
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

// freeRun returns the first of n consecutive free addresses, in the same order as free.
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

// gap finds n consecutive addresses without a lease in [from, to). It walks the leases, not the
// addresses, and reads only their keys, because a range that is nearly full has many.
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

// taken reports whether any of the n addresses from index on has a lease.
func taken(r store.Reader, vnet, ar int, index, n int64) bool {
	at, ok := gap(r, vnet, ar, index, index+n, n)
	return !ok || at != index
}

// IsFree reports whether an address of a range has no lease.
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
