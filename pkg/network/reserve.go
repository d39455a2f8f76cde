package network

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Reserve serves one.vn.reserve: addresses of a network become an address range of another
// network, which belongs to the caller. They count as leases in its owner's quotas. On an
// error, named reports whether a new network had already got its ID (see SkipID).
func Reserve(tx *store.Tx, s Settings, c *one.Caller, parentID int, t attr.Template) (id int, named bool, err error) {
	v, err := ParseReservation(tx, parentID, t)
	if err != nil {
		return None, false, err
	}
	if id, err = v.target(tx, s, c, parentID); err != nil {
		return None, false, err
	}
	named = v.Into == None
	n, err := Kind.Edit(tx, id)
	if err != nil {
		return None, named, err
	}
	if err := quota.Charge(tx, n.UID, n.GID, ofLeases(parentID, int(v.Size))); err != nil {
		return None, named, asCaller(c, err)
	}
	return id, named, n.reserve(tx, s, v)
}

// target returns the network to put the addresses into. A new one copies its parent.
func (v *Reservation) target(tx *store.Tx, s Settings, c *one.Caller, parentID int) (int, error) {
	if v.Into != None {
		return v.Into, nil
	}
	parent, err := Kind.Edit(tx, parentID)
	if err != nil {
		return None, err
	}
	t := parent.Template
	t.Set("NAME", v.Name)
	t.Set("VLAN_ID", parent.VLANID)
	t.Set("OUTER_VLAN_ID", parent.OuterVLANID)
	return Add(tx, s, c, New{Template: t, Clusters: parent.Clusters, ParentID: parentID, TemplateID: None})
}

// reserve takes addresses of the parent and adds them as a range to the reservation n.
func (n *VNet) reserve(tx *store.Tx, s Settings, v Reservation) error {
	parent, err := Kind.Edit(tx, n.ParentID)
	if err != nil {
		return err
	}
	a, first, ok := parent.findRoom(tx, v)
	if !ok {
		return v.noRoom()
	}
	for i := range v.Size {
		parent.take(tx, a, first+i, n.holder())
	}
	if v.starts.key == "" {
		a.advance(first + v.Size - 1)
	}
	ar, err := a.part(s, n.nextAR(), first, v.Size)
	if err != nil {
		return err
	}
	n.ARs = append(n.ARs, ar)
	Kind.Put(tx, parent)
	Kind.Put(tx, n)
	return nil
}

// findRoom returns the range and the index of the first address to reserve.
func (n *VNet) findRoom(r store.Reader, v Reservation) (*AR, int64, bool) {
	for i := range n.ARs {
		a := &n.ARs[i]
		if !v.anyAR && a.ID != v.AR {
			continue
		}
		if v.starts.key != "" {
			index, ok := a.freeAt(r, n.ID, v)
			return a, index, ok
		}
		if index, ok := a.freeRun(r, n.ID, v.Size); ok {
			return a, index, true
		}
	}
	return nil, 0, false
}

// freeAt checks whether the reservation fits at the address that it starts with.
func (a *AR) freeAt(r store.Reader, vnet int, v Reservation) (int64, bool) {
	g := a.Range()
	index, ok := g.index(v.starts)
	return index, ok && !v.noSuch && !g.shared && index+v.Size <= g.Count() && !taken(r, vnet, a.ID, index, v.Size)
}

// part makes a range from size addresses of a.
func (a *AR) part(s Settings, id int, first, size int64) (AR, error) {
	g := a.Range()
	v := a.Attrs.Clone()
	g.describeOwn(first, &v)
	v.Set("SIZE", strconv.FormatInt(size, 10))
	v.Del("IPAM_MAD")
	ar, err := newAR(s, id, v)
	if err != nil {
		return ar, err
	}
	ar.Attrs.Set(parentAR, decimal(a.ID))
	return ar, nil
}

// SkipID uses up a network ID. oned does so when a reservation does not fit, and clients
// compare IDs.
func SkipID(tx *store.Tx) { tx.Next(Kind.Table.Name(), Kind.First) }
