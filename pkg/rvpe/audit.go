package rvpe

import (
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// Audit looks for rows whose objects are gone, for objects that two rows refer to, and for IDs
// that would be given out twice. Users, clusters and networks can be deleted through
// OpenNebula's API; RENKEI-VPE's rows for them are no longer shown to anybody, and can be
// removed.
func Audit(r store.Reader) object.Faults {
	a := &audit{r: r}
	a.members()
	a.zones()
	a.networks()
	a.leases()
	a.transfers()
	counted(a, members, func(m *Member) int { return m.ID })
	counted(a, zones, func(z *Zone) int { return z.ID })
	counted(a, types, func(t *Type) int { return t.ID })
	counted(a, networks, func(n *Network) int { return n.ID })
	counted(a, leases, func(l *Lease) int { return l.ID })
	counted(a, machines, func(k *Machine) int { return k.ID })
	counted(a, transfers, func(t *Transfer) int { return t.ID })
	return a.found
}

type audit struct {
	r     store.Reader
	found object.Faults
}

func (a *audit) report(mend func(*store.Tx), format string, args ...any) {
	a.found.AddMendable(mend, "RENKEI-VPE: "+format, args...)
}

// gone tells whether the object that a row refers to does not exist.
func gone[T any](r store.Reader, k *object.Kind[T], id int) bool {
	_, there := k.Table.Get(r, store.ID(id))
	return !there
}

func (a *audit) members() {
	for row := range members.All(a.r) {
		m := row.Val
		if gone(a.r, user.Kind, m.UID) {
			a.report(func(tx *store.Tx) { forgetMember(tx, m.ID) }, "member %d is user %d, who is gone", m.ID, m.UID)
		} else if first, _ := membersByUID.First(a.r, decimal(m.UID)); first.ID != m.ID {
			a.report(nil, "members %d and %d are both user %d", first.ID, m.ID, m.UID)
		}
		for _, g := range m.Grants {
			if _, there := zones.Get(a.r, store.ID(g.Zone)); !there {
				a.report(func(tx *store.Tx) { forgetZone(tx, g.Zone) }, "member %d may use zone %d, which is gone", m.ID, g.Zone)
			}
		}
	}
}

func (a *audit) zones() {
	for row := range zones.All(a.r) {
		z := row.Val
		if gone(a.r, cluster.Kind, z.ClusterID) {
			a.report(func(tx *store.Tx) { z.forget(tx) }, "zone %d is cluster %d, which is gone", z.ID, z.ClusterID)
		} else if first, _ := zonesByCluster.First(a.r, decimal(z.ClusterID)); first.ID != z.ID {
			a.report(nil, "zones %d and %d are both cluster %d", first.ID, z.ID, z.ClusterID)
		}
	}
}

func (a *audit) networks() {
	for row := range networks.All(a.r) {
		n := row.Val
		forget := func(tx *store.Tx) { n.forget(tx) }
		if _, there := zones.Get(a.r, store.ID(n.ZoneID)); !there {
			a.report(forget, "network %d is of zone %d, which is gone", n.ID, n.ZoneID)
		} else if !n.there(a.r) {
			a.report(forget, "network %d is virtual network %d, which is gone", n.ID, n.VNetID)
		}
	}
}

func (a *audit) leases() {
	for row := range leases.All(a.r) {
		l := row.Val
		if n, there := networks.Get(a.r, store.ID(l.NetworkID)); !there {
			a.report(func(tx *store.Tx) { leases.Delete(tx, store.ID(l.ID)) }, "lease %d is of network %d, which is gone", l.ID, l.NetworkID)
		} else if n.there(a.r) && rangeOf(a.r, l) != l.AR {
			a.report(nil, "lease %d is %s, which is not the address of range %d of virtual network %d", l.ID, l.IP, l.AR, n.VNetID)
		}
		if _, there := members.Get(a.r, store.ID(l.For)); !there && l.For != Anybody {
			a.report(func(tx *store.Tx) { releaseLeasesOf(tx, l.For) }, "lease %d is kept for member %d, who is gone", l.ID, l.For)
		}
		if last := LeaseNamed(a.r, l.Name); last.ID != l.ID {
			a.report(nil, "leases %d and %d have one name: %s", l.ID, last.ID, l.Name)
		}
	}
}

func (a *audit) transfers() {
	for t := range Transfers(a.r) {
		if _, there := members.Get(a.r, store.ID(t.MemberID)); !there {
			a.report(func(tx *store.Tx) { ForgetTransfer(tx, t.Name) }, "transfer %d is of member %d, who is gone", t.ID, t.MemberID)
		}
	}
}

// counted checks that rows are stored under their IDs, and that no ID will be given out twice.
func counted[T any](a *audit, table *store.Table[T], id func(*T) int) {
	last, _ := store.LastNumber(a.r, table.Name())
	for row := range table.All(a.r) {
		n := id(row.Val)
		if row.Key != store.ID(n) {
			a.report(nil, "row %d of %s is kept under the ID %d", n, table.Name(), row.Key.A)
		}
		if n > last && n >= firstID {
			a.report(func(tx *store.Tx) { tx.Skip(table.Name(), n) },
				"the counter of %s stands at %d, and there is a row %d: its ID could be given again", table.Name(), last, n)
		}
	}
}
