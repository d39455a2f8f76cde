package rvpe

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// Lease is an address with a name, which may be reserved for a member. In its virtual network
// it is a range of one address.
type Lease struct {
	ID        int    `cbor:"1,keyasint"`
	NetworkID int    `cbor:"2,keyasint"`
	Name      string `cbor:"3,keyasint"` // host name of the VM that has it, unique
	IP        string `cbor:"4,keyasint"`
	AR        int    `cbor:"5,keyasint"` // ID of the address range in the virtual network
	For       int    `cbor:"6,keyasint"` // ID of the member it is reserved for, or Anybody
}

// Anybody is For of a lease that is not reserved.
const Anybody = -1

// Clone implements store.Cloner.
func (l *Lease) Clone() *Lease { c := *l; return &c }

var (
	leasesByName    = store.NewIndex(func(l *Lease) []string { return []string{l.Name} })
	leasesByNetwork = store.NewIndex(func(l *Lease) []string { return []string{decimal(l.NetworkID)} })
	leasesByMember  = store.NewIndex(func(l *Lease) []string { return []string{decimal(l.For)} })
	leases          = store.NewTable("rvpe_lease", leasesByName, leasesByNetwork, leasesByMember)
)

// Leases lists all leases.
func Leases(r store.Reader) []*Lease { return all(r, leases) }

// LeasesOf lists the leases that are reserved for a member.
func LeasesOf(r store.Reader, member int) []*Lease {
	return indexed(r, leasesByMember, decimal(member))
}

// LeasesFor lists the leases that a member can use for a VM: those reserved for him, and free
// ones that are not reserved.
func LeasesFor(r store.Reader, member int) (list []*Lease) {
	for row := range leases.All(r) {
		if l := row.Val; l.For == member || l.For == Anybody && !l.Used(r) {
			list = append(list, l)
		}
	}
	return list
}

// Leases lists the leases of a network.
func (n *Network) Leases(r store.Reader) []*Lease {
	return indexed(r, leasesByNetwork, decimal(n.ID))
}

// LeaseOf finds a lease by its ID.
func LeaseOf(r store.Reader, id int) (*Lease, bool) { return leases.Get(r, store.ID(id)) }

// LeaseNamed finds a lease by its name, nil when there is none.
func LeaseNamed(r store.Reader, name string) *Lease { return last(r, leasesByName, name) }

// leaseBy finds a lease by its name or its ID.
func leaseBy(r store.Reader, text string) *Lease { return byNameOrID(r, leases, leasesByName, text) }

// Used tells whether the address is in use.
func (l *Lease) Used(r store.Reader) bool { _, used := l.holder(r); return used }

func (l *Lease) holder(r store.Reader) (network.Holder, bool) {
	n, ok := networks.Get(r, store.ID(l.NetworkID))
	if !ok {
		return network.Holder{}, false
	}
	for held := range network.LeasesOf(r, n.VNetID, l.AR) {
		return held.Holder, true
	}
	return network.Holder{}, false
}

// MAC is the MAC address of the lease.
func (l *Lease) MAC(r store.Reader) string {
	n, ok := networks.Get(r, store.ID(l.NetworkID))
	if !ok {
		return ""
	}
	v, ok := n.VNet(r)
	if !ok {
		return ""
	}
	in, _ := v.RangeOfID(l.AR)
	return in.Get("MAC")
}

// LeaseFacts are the data of other objects that a lease shows.
type LeaseFacts struct {
	MAC     string
	Used    bool
	For     int    // ID of the member it is reserved for, or Anybody
	ForName string // "-" for nobody
	Machine int    // ID of the VM that uses it, -1 if none
}

// Facts answers the data of other objects that a lease shows.
func (l *Lease) Facts(r store.Reader) LeaseFacts {
	f := LeaseFacts{MAC: l.MAC(r), For: Anybody, ForName: "-", Machine: -1}
	if m, ok := MemberOf(r, l.For); ok {
		f.For, f.ForName = m.ID, m.Name(r)
	}
	h, used := l.holder(r)
	f.Used = used
	if used && h.Kind == one.KindVM {
		if k := machineOfVM(r, h.ID); k != nil {
			f.Machine = k.ID
		}
	}
	return f
}

// LeaseVersions answers values that change when any object changes whose data leases show.
func LeaseVersions(r store.Reader) []any {
	return []any{
		networks.Version(r), network.Kind.Table.Version(r), network.Leases.Version(r), members.Version(r),
		user.Kind.Table.Version(r), machines.Version(r),
	}
}

// Row is the stored row of the lease.
func (l *Lease) Row(r store.Reader) *store.Row[Lease] {
	row, _ := leases.Row(r, store.ID(l.ID))
	return row
}

// AddLease adds an address with a name to a network.
func AddLease(tx *store.Tx, s Settings, networkID int, name, ip string) error {
	n, ok := NetworkOf(tx, networkID)
	if !ok {
		return refuse("VirtualNetwork[%d] is not found.", networkID)
	}
	if err := checkIP(ip); err != nil {
		return err
	}
	return n.addLease(tx, s, name, ip)
}

func (n *Network) addLease(tx *store.Tx, s Settings, name, ip string) error {
	switch {
	case name == "":
		return refuse("Specify name of lease.")
	case LeaseNamed(tx, name) != nil:
		return refuse("Lease[%s] already exists.", name)
	case ip == "":
		return refuse("Specify address of lease.")
	}
	if err := checkIP(ip); err != nil {
		return err
	}
	for _, l := range n.Leases(tx) {
		if l.IP == ip {
			return refuse("[VirtualNetworkAddLeases] Error trying to ADD LEASE NET [%d]. Returned error code [-1]. "+
				"Reason: Error inserting lease, IP %s already exists", n.VNetID, ip)
		}
	}
	ar, err := network.AddAddress(tx, s.Networks, n.VNetID, oneAddress(ip))
	if err != nil {
		return err
	}
	l := &Lease{ID: tx.Next(leases.Name(), firstID), NetworkID: n.ID, Name: name, IP: ip, AR: ar, For: Anybody}
	leases.Put(tx, store.ID(l.ID), l)
	return nil
}

// oneAddress is the address range of a lease.
func oneAddress(ip string) attr.Attr {
	return vector("AR", "TYPE", "IP4", "IP", ip, "SIZE", "1")
}

// RemoveLease removes an unused address from a network.
func RemoveLease(tx *store.Tx, networkID int, name string) error {
	n, ok := NetworkOf(tx, networkID)
	if !ok {
		return refuse("VirtualNetwork[%d] is not found.", networkID)
	}
	l := LeaseNamed(tx, name)
	switch {
	case l == nil:
		return refuse("Lease[%s] is not found.", name)
	case l.Used(tx):
		return refuse("Lease[%s] is used.", name)
	case l.NetworkID != networkID:
		return refuse("Lease[%s] is not included in VirtualNetwork[%s]", name, n.UniqueName(tx))
	}
	leases.Delete(tx, store.ID(l.ID))
	return network.RemoveAR(tx, n.VNetID, l.AR, false)
}

// Assign reserves a lease for a member.
func Assign(tx *store.Tx, id int, name string) error {
	l, ok := leases.Edit(tx, store.ID(id))
	if !ok {
		return refuse("Lease[%d] is not found.", id)
	}
	if has, there := MemberOf(tx, l.For); there {
		return refuse("Lease[%d] is already assigned to User[%s].", id, has.Name(tx))
	}
	m, ok := MemberNamed(tx, name)
	if !ok {
		return refuse("User[%s] does not exist.", name)
	}
	l.For = m.ID
	leases.Put(tx, store.ID(id), l)
	return nil
}

// Release ends the reservation of a lease.
func Release(tx *store.Tx, id int) error {
	l, ok := leases.Edit(tx, store.ID(id))
	switch {
	case !ok:
		return refuse("Lease[%d] does not exist.", id)
	case l.For == Anybody:
		return refuse("Lease[%d] have not been assigned to any user.", id)
	}
	l.For = Anybody
	leases.Put(tx, store.ID(id), l)
	return nil
}

func releaseLeasesOf(tx *store.Tx, member int) {
	for _, l := range LeasesOf(tx, member) {
		l = l.Clone()
		l.For = Anybody
		leases.Put(tx, store.ID(l.ID), l)
	}
}

// checkIP refuses what is not an IPv4 address.
func checkIP(text string) error {
	parts := strings.Split(text, ".")
	wrong := func(part string) bool { _, err := strconv.ParseUint(part, 10, 8); return err != nil }
	if len(parts) != 4 || slices.ContainsFunc(parts, wrong) {
		return refuse("IP[%s] does not match IP address pattern.", text)
	}
	return nil
}
