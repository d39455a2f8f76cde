package network

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Attach connects a NIC of h to the network that it names for the user uid
// (see Resolve): it takes the address that the NIC asks for, or the next free
// one, and fills the NIC in. On an error the NIC may have been changed; the
// transaction is to be given up then.
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
	case h.Kind == one.KindVRouter && !floating: // its VMs take the addresses
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

// withoutAddress gives a NIC that has only floating addresses a MAC.
func withoutAddress(s Settings, nic *attr.Attr) {
	nic.Set("MAC", randomMAC(s).String())
	for _, key := range [...]string{"IP", "IP6_LINK", "IP6_ULA", "IP6_GLOBAL"} {
		nic.Del(key)
	}
}

// lease takes an address for a NIC from the first range that can give it.
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

// place answers which address of a range is to be given.
func (n *VNet) place(r store.Reader, a *AR, want address) (int64, bool) {
	if want.key == "" {
		return a.free(r, n.ID)
	}
	g := a.Range()
	index, ok := g.index(want)
	return index, ok && (g.shared || !taken(r, n.ID, a.ID, index, 1))
}

// Detach gives the address of a NIC back. A NIC that has none is fine.
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

// addressOf answers the address by which a NIC is known in a range: its MAC,
// but where addresses are shared and MACs are made up.
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

// ReleaseAll gives all addresses of h back.
func ReleaseAll(tx *store.Tx, h Holder) {
	release(tx, heldBy(tx, h), h)
}

// release gives leases of h back and answers how many. The leases of one
// network come together.
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
