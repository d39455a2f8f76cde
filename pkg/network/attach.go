package network

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Attach connects a NIC of h to the network that the NIC names (see Resolve; uid is the user
// who asks). It takes the requested address, or else the next free one, and fills in the NIC.
// After an error, the NIC may be half filled in and the transaction must be abandoned.
func Attach(tx *store.Tx, s Settings, h Holder, uid int, nic *attr.Attr) error {
	id, err := Resolve(tx, uid, nic)
	if err != nil {
		return err
	}
	n, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	n.describe(h, nic)
	floating, _ := nic.Bool("FLOATING_IP")
	only, _ := nic.Bool("FLOATING_ONLY")
	switch {
	case h.Kind == one.KindVRouter && !floating: // the router's VMs take the leases
	case h.Kind == one.KindVM && floating && only:
		withoutAddress(s, nic)
		Guests.Put(tx, store.Pair(id, h.ID), &Guest{VNet: id, VM: h.ID})
	case !n.lease(tx, s, h, nic):
		return one.Errorf(one.CodeInternal, "Cannot get IP/MAC lease from virtual network %d.", id)
	}
	if h.Kind == one.KindVM {
		n.inherit(s, nic)
		n.joinGroups(nic)
	}
	Kind.Put(tx, n)
	return nil
}

// withoutAddress gives a MAC to a NIC that has no lease, because it only carries a floating IP.
func withoutAddress(s Settings, nic *attr.Attr) {
	nic.Set("MAC", randomMAC(s).String())
	for _, key := range [...]string{"IP", "IP6_LINK", "IP6_ULA", "IP6_GLOBAL"} {
		nic.Del(key)
	}
}

// lease takes an address for a NIC, from the first range that has one.
func (n *VNet) lease(tx *store.Tx, s Settings, h Holder, nic *attr.Attr) bool {
	want, valid, named := asked(nic)
	if !valid || named > 1 {
		return false
	}
	for i := range n.ARs {
		a := &n.ARs[i]
		index, ok := n.place(tx, a, want)
		if !ok {
			continue
		}
		n.take(tx, a, index, h)
		if named == 0 {
			a.advance(index)
		}
		a.fill(s, index, nic)
		return true
	}
	return false
}

// place returns the index in a range of the address to lease: the requested one, or a free one.
func (n *VNet) place(r store.Reader, a *AR, want address) (int64, bool) {
	if want.key == "" {
		return a.free(r, n.ID)
	}
	g := a.Range()
	index, ok := g.index(want)
	return index, ok && (g.shared || !taken(r, n.ID, a.ID, index, 1))
}

// Detach releases the lease of a NIC, if it has one.
func Detach(tx *store.Tx, h Holder, nic *attr.Attr) {
	id, ok := nic.Int("NETWORK_ID")
	if !ok {
		return
	}
	arID, ok := nic.Int("AR_ID")
	if !ok {
		return
	}
	n, err := Kind.Edit(tx, id)
	if err != nil {
		return
	}
	a, ok := n.ar(arID)
	if !ok {
		return
	}
	g := a.Range()
	if index, ok := g.index(addressOf(&g, nic)); ok && n.give(tx, a, index, h) {
		Kind.Put(tx, n)
	}
}

// addressOf returns the address that finds the lease of a NIC: its MAC, or its IP in a shared
// range, where MACs are random.
func addressOf(g *Range, nic *attr.Attr) (a address) {
	if !g.shared {
		a.key = "MAC"
		a.mac, _ = parseMAC(nic.Get("MAC"))
		return a
	}
	if g.family.ip4 {
		a.key = "IP"
		a.ip, _ = parseIP4(nic.Get("IP"))
		return a
	}
	a.key = "IP6"
	a.ip6, _ = parseIP6(nic.Get("IP6"))
	return a
}

// ReleaseAll releases all leases of h.
func ReleaseAll(tx *store.Tx, h Holder) {
	release(tx, heldBy(tx, h), h)
}

// release releases leases of h and returns how many they were. Leases of the same network must
// be next to each other.
func release(tx *store.Tx, leases []*Lease, h Holder) (given int) {
	for len(leases) > 0 {
		id := leases[0].VNet
		n, err := Kind.Edit(tx, id)
		for len(leases) > 0 && leases[0].VNet == id {
			l := leases[0]
			leases = leases[1:]
			if err != nil {
				continue
			}
			if a, ok := n.ar(l.AR); ok && n.give(tx, a, l.Index, h) {
				given++
			}
		}
		if err == nil {
			Kind.Put(tx, n)
		}
	}
	return given
}

func decimal(n int) string { return strconv.Itoa(n) }
