package rvpe

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Network is a network of a zone: a virtual network whose template contains RENKEI-VPE's
// attributes for guests.
type Network struct {
	ID     int    `cbor:"1,keyasint"`
	ZoneID int    `cbor:"2,keyasint"`
	VNetID int    `cbor:"3,keyasint"`
	Name   string `cbor:"4,keyasint"` // unique in the zone; see UniqueName
}

// Clone implements store.Cloner.
func (n *Network) Clone() *Network { c := *n; return &c }

var (
	networksByZone = store.NewIndex(func(n *Network) []string { return []string{decimal(n.ZoneID)} })
	networks       = store.NewTable("rvpe_network", networksByZone)
)

// Attributes of a virtual network for guests.
const (
	attrAddress     = "NETWORK_ADDRESS"
	attrNetmask     = "NETWORK_MASK"
	attrGateway     = "GATEWAY"
	attrDNS         = "DNS"
	attrNTP         = "NTP"
	attrDescription = "DESCRIPTION"
)

// Lists of servers that can be edited.
const (
	DNS = attrDNS
	NTP = attrNTP
)

// between separates the name of a zone from that of its network.
const between = "#"

// Networks lists all networks.
func Networks(r store.Reader) (list []*Network) {
	for row := range networks.All(r) {
		if row.Val.there(r) {
			list = append(list, row.Val)
		}
	}
	return list
}

// NetworkOf finds a network by its ID.
func NetworkOf(r store.Reader, id int) (*Network, bool) {
	n, ok := networks.Get(r, store.ID(id))
	if !ok || !n.there(r) {
		return nil, false
	}
	return n, true
}

// NetworkNamed finds a network by its unique name: zone#network.
func NetworkNamed(r store.Reader, unique string) (*Network, bool) {
	zone, name, ok := strings.Cut(unique, between)
	if !ok {
		return nil, false
	}
	z, ok := ZoneNamed(r, zone)
	if !ok {
		return nil, false
	}
	return z.network(r, name)
}

// Networks lists the networks of a zone.
func (z *Zone) Networks(r store.Reader) (list []*Network) {
	for row := range networksByZone.Find(r, decimal(z.ID)) {
		if row.Val.there(r) {
			list = append(list, row.Val)
		}
	}
	return list
}

func (z *Zone) network(r store.Reader, name string) (*Network, bool) {
	list := z.Networks(r)
	at := slices.IndexFunc(list, func(n *Network) bool { return n.Name == name })
	if at < 0 {
		return nil, false
	}
	return list[at], true
}

func (n *Network) there(r store.Reader) bool { _, ok := n.VNet(r); return ok }

// VNet is the virtual network of n.
func (n *Network) VNet(r store.Reader) (*network.VNet, bool) {
	return network.Kind.Table.Get(r, store.ID(n.VNetID))
}

// ZoneName is the name of the zone that n is in.
func (n *Network) ZoneName(r store.Reader) string {
	if z, ok := ZoneOf(r, n.ZoneID); ok {
		return z.Name(r)
	}
	return ""
}

// UniqueName is the network's name with its zone's: zone#network.
func (n *Network) UniqueName(r store.Reader) string { return n.ZoneName(r) + between + n.Name }

// Facts are a network's attributes for guests.
type Facts struct {
	Description, Address, Netmask, Gateway, DNS, NTP, Bridge string
}

// Facts answers the attributes of n for guests.
func (n *Network) Facts(r store.Reader) Facts {
	v, ok := n.VNet(r)
	if !ok {
		return Facts{}
	}
	t := v.Template
	return Facts{
		Description: t.Get(attrDescription), Address: t.Get(attrAddress), Netmask: t.Get(attrNetmask),
		Gateway: t.Get(attrGateway), DNS: t.Get(attrDNS), NTP: t.Get(attrNTP), Bridge: v.Bridge,
	}
}

// AddNetwork adds a network to a zone.
func AddNetwork(tx *store.Tx, s Settings, c *one.Caller, zoneID int, d Definition) error {
	z, ok := ZoneOf(tx, zoneID)
	if !ok {
		return refuse("Zone[%d] does not exist.", zoneID)
	}
	return z.addNetwork(tx, s, c, d)
}

func (z *Zone) addNetwork(tx *store.Tx, s Settings, c *one.Caller, d Definition) error {
	t, err := z.networkTemplate(tx, d)
	if err != nil {
		return err
	}
	t.Set("VN_MAD", s.NetworkDriver)
	tmpl := legacyTemplate(t, d)
	n := &Network{ID: tx.Next(networks.Name(), firstID), ZoneID: z.ID, Name: d.text("NAME")}
	n.VNetID, err = network.Add(tx, s.Networks, c, network.New{
		Template: t, Clusters: []int{z.ClusterID}, ParentID: network.None, TemplateID: network.None, Legacy: tmpl,
	})
	if err != nil {
		return err
	}
	v, err := network.Kind.Edit(tx, n.VNetID)
	if err != nil {
		return err
	}
	openToAll(v)
	network.Kind.Put(tx, v)
	networks.Put(tx, store.ID(n.ID), n)
	for _, part := range d.parts("LEASE") {
		if err := n.addLease(tx, s, part.text("NAME"), part.text("ADDRESS")); err != nil {
			return err
		}
	}
	return nil
}

// openToAll lets everybody use a network: the grant for its zone controls access.
func openToAll(v *network.VNet) {
	v.Perms |= object.Perms(4)<<object.Group | object.Perms(4)<<object.Other
}

// MakeZoneNetwork gives a virtual network the permissions and attributes of a zone's network.
func MakeZoneNetwork(tx *store.Tx, vnetID int, f Facts) error {
	v, err := network.Kind.Edit(tx, vnetID)
	if err != nil {
		return err
	}
	openToAll(v)
	for _, fact := range [][2]string{
		{attrDescription, f.Description}, {attrAddress, f.Address}, {attrNetmask, f.Netmask},
		{attrGateway, f.Gateway}, {attrDNS, f.DNS}, {attrNTP, f.NTP},
	} {
		v.Template.Set(fact[0], fact[1])
	}
	network.Kind.Put(tx, v)
	return nil
}

// networkTemplate checks a definition and answers the virtual network's template.
func (z *Zone) networkTemplate(r store.Reader, d Definition) (t attr.Template, err error) {
	name, ok := d.Text("NAME")
	if !ok {
		return nil, missingKey("NAME")
	}
	unique := z.Name(r) + between + name
	if _, there := z.network(r, name); there {
		return nil, refuse("VirtualNetwork[%s] already exists.", unique)
	}
	t.Set("NAME", unique)
	bridge, ok := d.Text("INTERFACE")
	if !ok {
		return nil, missingKey("INTERFACE")
	}
	t.Set("BRIDGE", bridge)
	for _, f := range [][2]string{{"ADDRESS", attrAddress}, {"NETMASK", attrNetmask}, {"GATEWAY", attrGateway}} {
		address, ok := d.Text(f[0])
		if !ok {
			return nil, missingKey(f[0])
		}
		if err := checkIP(address); err != nil {
			return nil, err
		}
		t.Set(f[1], address)
	}
	for _, key := range []string{attrDNS, attrNTP} {
		servers, ok := d.texts(key)
		if !ok {
			return nil, missingKey(key)
		}
		t.Set(key, strings.Join(servers, " "))
	}
	t.Set(attrDescription, d.text("DESCRIPTION"))
	return t, nil
}

// legacyTemplate is the virtual network's template in OpenNebula 2.2's syntax.
func legacyTemplate(t attr.Template, d Definition) (tmpl attr.Template) {
	tmpl.Set("NAME", t.Get("NAME"))
	tmpl.Set("TYPE", "FIXED")
	tmpl.Set("BRIDGE", t.Get("BRIDGE"))
	for _, part := range d.parts("LEASE") {
		tmpl.Add(vector("LEASES", "IP", part.text("ADDRESS")))
	}
	return tmpl
}

func missingKey(key string) error { return refuse("Specify %s of the network.", key) }

// RemoveNetwork removes a network of a zone, and its leases.
func RemoveNetwork(tx *store.Tx, zoneID int, name string) error {
	z, ok := ZoneOf(tx, zoneID)
	if !ok {
		return refuse("Zone[%d] does not exist.", zoneID)
	}
	n, ok := z.network(tx, name)
	if !ok {
		return refuse("VirtualNetwork[%s%s%s] does not exist.", z.Name(tx), between, name)
	}
	return n.remove(tx)
}

func (n *Network) remove(tx *store.Tx) error {
	acl.ForgetObject(tx, one.KindNet, n.VNetID)
	if err := network.Delete(tx, n.VNetID); err != nil {
		return err
	}
	n.forget(tx)
	return nil
}

// forget deletes a network and its leases.
func (n *Network) forget(tx *store.Tx) {
	for row := range leasesByNetwork.Find(tx, decimal(n.ID)) {
		leases.Delete(tx, row.Key)
	}
	networks.Delete(tx, store.ID(n.ID))
}

// AddServers adds DNS or NTP servers, separated by blanks. Those that are listed already keep
// their places.
func AddServers(tx *store.Tx, id int, which, servers string) error {
	return editServers(tx, id, which, func(list []string) []string {
		for _, s := range strings.Fields(servers) {
			if !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
		return list
	})
}

// RemoveServers removes servers. Those that are not listed are ignored.
func RemoveServers(tx *store.Tx, id int, which, servers string) error {
	gone := strings.Fields(servers)
	return editServers(tx, id, which, func(list []string) []string {
		return slices.DeleteFunc(list, func(s string) bool { return slices.Contains(gone, s) })
	})
}

func editServers(tx *store.Tx, id int, which string, edit func([]string) []string) error {
	n, ok := NetworkOf(tx, id)
	if !ok {
		return refuse("VirtualNetwork[%d] is not found.", id)
	}
	v, err := network.Kind.Edit(tx, n.VNetID)
	if err != nil {
		return err
	}
	v.Template.Set(which, strings.Join(edit(strings.Fields(v.Template.Get(which))), " "))
	network.Kind.Put(tx, v)
	return nil
}
