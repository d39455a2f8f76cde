package rvpe

import "github.com/renkei-vpe/renkei/pkg/store"

// Imported is the data of another RENKEI-VPE installation, to be stored under its IDs there.
// The objects that its rows refer to must exist already.
type Imported struct {
	Members  []*Member
	Zones    []*Zone
	Types    []*Type
	Networks []*Network
	Leases   []*Lease
	Machines []*Machine
	Last     map[string]int // the last ID that was given out, by the name of a table
}

// Store stores all rows. The address ranges of leases are found by their IPs.
func (p *Imported) Store(tx *store.Tx) {
	putAll(tx, members, p.Members, func(m *Member) int { return m.ID })
	putAll(tx, zones, p.Zones, func(z *Zone) int { return z.ID })
	putAll(tx, types, p.Types, func(t *Type) int { return t.ID })
	putAll(tx, networks, p.Networks, func(n *Network) int { return n.ID })
	for _, l := range p.Leases {
		l.AR = rangeOf(tx, l)
	}
	putAll(tx, leases, p.Leases, func(l *Lease) int { return l.ID })
	putAll(tx, machines, p.Machines, func(k *Machine) int { return k.ID })
	for name, last := range p.Last {
		tx.Skip(name, last)
	}
}

func putAll[T any](tx *store.Tx, table *store.Table[T], list []*T, id func(*T) int) {
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

// notARange is the AR of a lease whose network has no such address.
const notARange = -1

// Empty tells whether RENKEI-VPE's part is unused: there is only the administrator.
func Empty(r store.Reader) bool {
	return members.Len(r) <= 1 && zones.Len(r)+types.Len(r)+networks.Len(r)+leases.Len(r)+machines.Len(r)+transfers.Len(r) == 0
}

// Names of the tables, for Imported.Last.
var (
	MemberTable  = members.Name()
	ZoneTable    = zones.Name()
	TypeTable    = types.Name()
	NetworkTable = networks.Name()
	LeaseTable   = leases.Name()
	MachineTable = machines.Name()
)
