package rvpe

import (
	"errors"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Zone is a site, which is a cluster with the same name and hosts.
type Zone struct {
	ID          int    `cbor:"1,keyasint"`
	ClusterID   int    `cbor:"2,keyasint"`
	Description string `cbor:"3,keyasint,omitempty"`
}

// Clone implements store.Cloner.
func (z *Zone) Clone() *Zone { c := *z; return &c }

var (
	zonesByCluster = store.NewIndex(func(z *Zone) []string { return []string{decimal(z.ClusterID)} })
	zones          = store.NewTable("rvpe_zone", zonesByCluster)
)

// Zones lists all zones whose clusters exist.
func Zones(r store.Reader) (list []*Zone) {
	for row := range zones.All(r) {
		if _, ok := ZoneOf(r, row.Val.ID); ok {
			list = append(list, row.Val)
		}
	}
	return list
}

// ZoneOf finds a zone by its ID.
func ZoneOf(r store.Reader, id int) (*Zone, bool) {
	z, ok := zones.Get(r, store.ID(id))
	if !ok {
		return nil, false
	}
	_, ok = cluster.Kind.Table.Get(r, store.ID(z.ClusterID))
	return z, ok
}

// ZoneNamed finds a zone by the name of its cluster.
func ZoneNamed(r store.Reader, name string) (*Zone, bool) {
	c, ok := cluster.Kind.Named(r, name, 0)
	if !ok {
		return nil, false
	}
	return zonesByCluster.First(r, decimal(c.ID))
}

// zoneBy finds a zone by its name or its ID.
func zoneBy(r store.Reader, text string) (*Zone, bool) {
	if id, ok := idOf(text); ok {
		return ZoneOf(r, id)
	}
	return ZoneNamed(r, text)
}

// Name is the name of the zone's cluster.
func (z *Zone) Name(r store.Reader) string {
	if c, ok := cluster.Kind.Table.Get(r, store.ID(z.ClusterID)); ok {
		return c.Name
	}
	return ""
}

// Row is the row of the zone.
func (z *Zone) Row(r store.Reader) *store.Row[Zone] {
	row, _ := zones.Row(r, store.ID(z.ID))
	return row
}

// Versions answers values that change with the zone's name, its hosts or its networks.
func (z *Zone) Versions(r store.Reader) []any {
	return []any{z.Name(r), host.Kind.Table.Version(r), networks.Version(r), network.Kind.Table.Version(r)}
}

// Hosts lists the hosts of a zone.
func (z *Zone) Hosts(r store.Reader) (list []*host.Host) {
	for row := range host.ByCluster.Find(r, decimal(z.ClusterID)) {
		list = append(list, row.Val)
	}
	return list
}

// AllocateZone makes a zone with its hosts and networks, or nothing at all. All zones share the
// datastores, so that images can be used in every zone.
func AllocateZone(tx *store.Tx, s Settings, c *one.Caller, d Definition) (int, error) {
	name, ok := d.Text("NAME")
	if !ok {
		return -1, refuse("Specify NAME in Zone file.")
	}
	if _, there := ZoneNamed(tx, name); there {
		return -1, refuse("Zone[%s] already exists.", name)
	}
	clusterID, err := cluster.Allocate(tx, name)
	if err != nil {
		return -1, err
	}
	if err := shareStores(tx, clusterID); err != nil {
		return -1, err
	}
	z := &Zone{ID: tx.Next(zones.Name(), firstID), ClusterID: clusterID, Description: d.text("DESCRIPTION")}
	zones.Put(tx, store.ID(z.ID), z)
	return z.ID, z.fill(tx, s, c, d)
}

// fill adds the hosts and networks that a definition lists.
func (z *Zone) fill(tx *store.Tx, s Settings, c *one.Caller, d Definition) error {
	names, _ := d.texts("HOST")
	for _, name := range names {
		if err := z.addHost(tx, s, name); err != nil {
			return err
		}
	}
	for _, part := range d.parts("NETWORK") {
		if err := z.addNetwork(tx, s, c, part); err != nil {
			return err
		}
	}
	return nil
}

// shareStores adds another cluster to the datastores of the default cluster.
func shareStores(tx *store.Tx, clusterID int) error {
	for row := range datastore.ByCluster.Find(tx, decimal(cluster.DefaultID)) {
		if err := datastore.Join(tx, row.Val.ID, clusterID); err != nil {
			return err
		}
	}
	return nil
}

// DeleteZone deletes a zone with its networks, its hosts, its cluster and its grants. If
// anything prevents that, nothing is deleted, and the error lists every obstacle.
func DeleteZone(tx *store.Tx, id int) error {
	z, ok := ZoneOf(tx, id)
	if !ok {
		return refuse("Zone[%d] does not exist.", id)
	}
	var errs []error
	for _, n := range z.Networks(tx) {
		errs = append(errs, n.remove(tx))
	}
	for _, h := range z.Hosts(tx) {
		errs = append(errs, removeHost(tx, h.ID))
	}
	if err := joined(errs); err != nil {
		return err
	}
	for row := range datastore.ByCluster.Find(tx, decimal(z.ClusterID)) {
		if err := datastore.Leave(tx, row.Val.ID, z.ClusterID); err != nil {
			return err
		}
	}
	acl.ForgetCluster(tx, z.ClusterID)
	if err := cluster.Delete(tx, z.ClusterID, nil); err != nil {
		return err
	}
	z.forget(tx)
	return nil
}

// forget deletes a zone, its networks and its grants.
func (z *Zone) forget(tx *store.Tx) {
	for row := range networksByZone.Find(tx, decimal(z.ID)) {
		row.Val.forget(tx)
	}
	forgetZone(tx, z.ID)
	zones.Delete(tx, store.ID(z.ID))
}

// joined joins errors into one, as RENKEI-VPE formats them.
func joined(errs []error) error {
	var texts []string
	for _, err := range errs {
		if err == nil {
			continue
		}
		var e *one.Error
		if !errors.As(err, &e) {
			return err
		}
		texts = append(texts, e.Msg)
	}
	if texts == nil {
		return nil
	}
	return refuse("%s", strings.Join(texts, "; "))
}

// AddHost registers a new host in a zone.
func AddHost(tx *store.Tx, s Settings, zoneID int, name string) error {
	z, ok := ZoneOf(tx, zoneID)
	if !ok {
		return refuse("Zone[%d] does not exist.", zoneID)
	}
	return z.addHost(tx, s, name)
}

func (z *Zone) addHost(tx *store.Tx, s Settings, name string) error {
	if _, there := host.Kind.Named(tx, name, 0); there {
		return refuse("Host[%s] already exists in the system.", name)
	}
	_, err := host.Allocate(tx, host.New{
		Name: name, IMMad: s.HostDriver, VMMad: s.HostDriver, ClusterID: z.ClusterID, Legacy: legacyHost(name),
	})
	return err
}

// legacyHost has the attributes that RENKEI-VPE registered hosts with. Its clients, and
// OpenNebula 2.2's, are shown them; the settings say which drivers are used instead.
func legacyHost(name string) (t attr.Template) {
	for _, pair := range [][2]string{{"NAME", name}, {"IM_MAD", "im_rvpe"}, {"VM_MAD", "vmm_rvpe"}, {"TM_MAD", "tm_gfarm"}} {
		t.Set(pair[0], pair[1])
	}
	return t
}

// RemoveHost removes a host, given by name or ID, from a zone.
func RemoveHost(tx *store.Tx, zoneID int, named string) error {
	z, ok := ZoneOf(tx, zoneID)
	if !ok {
		return refuse("Zone[%d] does not exist.", zoneID)
	}
	id, isID := idOf(named)
	hosts := z.Hosts(tx)
	at := slices.IndexFunc(hosts, func(h *host.Host) bool { return h.Name == named || isID && h.ID == id })
	if at < 0 {
		return refuse("Host[%s] is not in Zone[%s].", named, z.Name(tx))
	}
	return removeHost(tx, hosts[at].ID)
}

func removeHost(tx *store.Tx, id int) error {
	acl.ForgetObject(tx, one.KindHost, id)
	return host.Delete(tx, id)
}
