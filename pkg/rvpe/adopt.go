package rvpe

import "github.com/renkei-vpe/renkei/pkg/store"

// Past is the data of another RENKEI-VPE, to be stored under its IDs there. The objects that
// its rows refer to must exist already.
type Past struct {
	Members  []*Member
	Zones    []*Zone
	Types    []*Type
	Networks []*Network
	Leases   []*Lease
	Machines []*Machine
	Last     map[string]int // the last ID that was ever given, by the name of a table
}

// Adopt stores all of it. The ranges of leases are found by their addresses.
func (p *Past) Adopt(tx *store.Tx) {
	adopt(tx, members, p.Members, func(m *Member) int { return m.ID })
	adopt(tx, zones, p.Zones, func(z *Zone) int { return z.ID })
	adopt(tx, types, p.Types, func(t *Type) int { return t.ID })
	adopt(tx, networks, p.Networks, func(n *Network) int { return n.ID })
	for _, l := range p.Leases {
		l.AR = rangeOf(tx, l)
	}
	adopt(tx, leases, p.Leases, func(l *Lease) int { return l.ID })
	adopt(tx, machines, p.Machines, func(k *Machine) int { return k.ID })
	for name, last := range p.Last {
		tx.Skip(name, last)
	}
}

func adopt[T any](tx *store.Tx, table *store.Table[T], list []*T, id func(*T) int) {
	for _, v := range list {
		table.Put(tx, store.ID(id(v)), v)
		if id(v) >= firstID {
			tx.Skip(table.Name(), id(v))
		}
	}
}

// rangeOf finds the address range of a lease in its network.
func rangeOf(r store.Reader, l *Lease) int {
	n, ok := networks.Get(r, store.ID(l.NetworkID))
	if !ok {
		return notARange
	}
	v, ok := n.VNet(r)
	if !ok {
		return notARange
	}
	for i := range v.ARs {
		if v.ARs[i].Attrs.Get("IP") == l.IP {
			return v.ARs[i].ID
		}
	}
	return notARange
}

// notARange is the ID of no range.
const notARange = -1

// Empty tells whether nobody has used RENKEI-VPE's part yet, so that there is only the
// administrator.
func Empty(r store.Reader) bool {
	return members.Len(r) <= 1 && zones.Len(r)+types.Len(r)+networks.Len(r)+leases.Len(r)+machines.Len(r)+transfers.Len(r) == 0
}

// Names of the tables, as Past.Last has them.
var (
	MemberTable  = members.Name()
	ZoneTable    = zones.Name()
	TypeTable    = types.Name()
	NetworkTable = networks.Name()
	LeaseTable   = leases.Name()
	MachineTable = machines.Name()
)
