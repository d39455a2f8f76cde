package network

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ready returns a copy of a network whose state allows changes of its addresses. An error
// begins with cannot, without a space after it, as in oned.
func ready(tx *store.Tx, id int, cannot string) (*VNet, error) {
	n, err := Kind.Edit(tx, id)
	if err != nil {
		return nil, err
	}
	if n.State != one.VNetReady && n.State != one.VNetUpdateFailure {
		return nil, one.Errorf(one.CodeAction, "%sVirtual Network is in wrong state: %s", cannot, n.State)
	}
	return n, nil
}

// AddAR serves one.vn.add_ar.
func AddAR(tx *store.Tx, s Settings, c *one.Caller, id int, t attr.Template) error {
	n, err := ready(tx, id, "Could not execute one.vn.add_ar")
	if err != nil {
		return err
	}
	for _, v := range t.Vectors("AR") {
		if err := checkRestrictedAR(s, c, v); err != nil {
			return err
		}
	}
	if err := MayUseVLANs(tx, c, t, n.TemplateID); err != nil {
		return err
	}
	v := t.Vector("AR")
	if v == nil {
		return wrong("Wrong AR definition. AR vector attribute is missing.")
	}
	if err := n.addRange(s, v); err != nil {
		return err
	}
	Kind.Put(tx, n)
	return nil
}

// AddAddress adds a range without checking the caller's rights, and returns its ID.
func AddAddress(tx *store.Tx, s Settings, id int, ar attr.Attr) (int, error) {
	n, err := ready(tx, id, "")
	if err != nil {
		return -1, err
	}
	if err := n.addRange(s, &ar); err != nil {
		return -1, err
	}
	Kind.Put(tx, n)
	return n.nextAR() - 1, nil
}

// RemoveAR serves one.vn.rm_ar and one.vn.free_ar. With force, the leases in the range are
// removed, too. Addresses of a reservation go back to its parent.
func RemoveAR(tx *store.Tx, id, arID int, force bool) error {
	n, err := ready(tx, id, "Could not remove Adress Range, ")
	if err != nil {
		return err
	}
	a, ok := n.ar(arID)
	if !ok {
		return wrong("Address Range does not exist")
	}
	if a.Used > 0 && !force {
		return wrong("Address Range has leases in use")
	}
	forgetLeases(tx, n, arID)
	if n.IsReservation() {
		n.giveBack(tx, *a)
	}
	n.ARs = slices.DeleteFunc(n.ARs, func(a AR) bool { return a.ID == arID })
	Kind.Put(tx, n)
	return nil
}

// forgetLeases deletes the leases of a range. If reservations hold some of them, their owners'
// quotas are reduced.
func forgetLeases(tx *store.Tx, n *VNet, arID int) {
	reserved := map[int]int{}
	var keys []store.Key
	for l := range LeasesOf(tx, n.ID, arID) {
		keys = append(keys, leaseKey(n.ID, arID, l.Index))
		if l.Holder.Kind == one.KindNet {
			reserved[l.Holder.ID]++
		}
	}
	for _, key := range keys {
		Leases.Delete(tx, key)
	}
	for id, count := range reserved {
		if owner, err := Kind.Get(tx, id); err == nil {
			quota.Refund(tx, owner.UID, owner.GID, ofLeases(n.ID, count))
		}
	}
}

// giveBack returns the addresses of a reservation's range to the parent network.
func (n *VNet) giveBack(tx *store.Tx, a AR) {
	from, ok := a.Attrs.Int(parentAR)
	parent, err := Kind.Get(tx, n.ParentID)
	if !ok || err != nil {
		return
	}
	source, ok := parent.ar(from)
	if !ok {
		return
	}
	theirs, mine := source.Range(), a.Range()
	first, ok := theirs.index(address{key: "MAC", mac: mine.mac})
	if !ok {
		return
	}
	var leases []*Lease
	for l := range leasesFrom(tx, parent.ID, from, first) {
		if l.Index >= first+mine.Count() {
			break
		}
		leases = append(leases, l)
	}
	given := release(tx, leases, n.holder())
	quota.Refund(tx, n.UID, n.GID, ofLeases(parent.ID, given))
}

// parentAR is the attribute of a reservation's range with the ID of the range in the parent.
const parentAR = "PARENT_NETWORK_AR_ID"
