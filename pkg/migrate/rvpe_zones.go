package migrate

import (
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// zoneRows imports zones: clusters with their hosts.
func (v *rvpeReader) zoneRows() (int, error) {
	rows, err := v.db.Rows("zones")
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		name, oid := row.Text("name"), row.Int("oid")
		id, there := v.groups[oid]
		if !v.matches("zone", name, fmt.Sprintf("OpenNebula's cluster %d", oid), v.clusterName(id), there) {
			continue
		}
		z := &rvpe.Zone{ID: int(row.Int("id")), ClusterID: id, Description: row.Text("description")}
		v.zones[name] = z
		v.imported.Zones = append(v.imported.Zones, z)
		for _, host := range numbers(row.Text("hosts"), " ") {
			if in, known := v.hosts[int64(host)]; !known || in != id {
				v.note("host %d was in zone %q, but is not in its cluster: the zone will not have it", host, name)
			}
		}
	}
	return len(v.imported.Zones), nil
}

// clusterName is the name of a cluster, by the ID after the import.
func (v *rvpeReader) clusterName(id int) string {
	for name, has := range v.clusters {
		if has == id {
			return name
		}
	}
	return ""
}

func (v *rvpeReader) zoneWith(id int) *rvpe.Zone {
	for _, z := range v.imported.Zones {
		if z.ID == id {
			return z
		}
	}
	return nil
}

// networkRows imports the networks of zones, with their attributes for guests.
func (v *rvpeReader) networkRows() (int, error) {
	rows, err := v.db.Rows("virtual_networks")
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		unique, oid := row.Text("unique_name"), row.Int("oid")
		has, there := v.nets[oid]
		z := v.zones[row.Text("zone_name")]
		switch {
		case !v.matches("network", unique, fmt.Sprintf("OpenNebula's network %d", oid), has, there):
			continue
		case z == nil:
			v.note("network %q is no zone's any more: its zone %q is not there", unique, row.Text("zone_name"))
			continue
		}
		n := &rvpe.Network{ID: int(row.Int("id")), ZoneID: z.ID, VNetID: int(oid), Name: row.Text("name")}
		v.vnets[row.Int("id")] = n
		v.imported.Networks = append(v.imported.Networks, n)
		v.addStep(func(tx *store.Tx) error { return intoZone(tx, n, z, row) })
	}
	return len(v.imported.Networks), nil
}

// intoZone moves a network into the zone's cluster and adds its attributes for guests.
// Everybody may use it, as the grant for the zone controls access.
func intoZone(tx *store.Tx, n *rvpe.Network, z *rvpe.Zone, row sqlite.Row) error {
	if err := network.Join(tx, n.VNetID, z.ClusterID); err != nil {
		return err
	}
	vnet, err := network.Kind.Get(tx, n.VNetID)
	if err != nil {
		return err
	}
	for _, in := range append([]int(nil), vnet.Clusters...) {
		if in != z.ClusterID {
			if err := network.Leave(tx, n.VNetID, in); err != nil {
				return err
			}
		}
	}
	return rvpe.MakeZoneNetwork(tx, n.VNetID, rvpe.Facts{
		Description: row.Text("description"), Address: row.Text("address"), Netmask: row.Text("netmask"),
		Gateway: row.Text("gateway"), DNS: row.Text("dns"), NTP: row.Text("ntp"),
	})
}

// leaseRows imports the named addresses.
func (v *rvpeReader) leaseRows() (int, error) {
	rows, err := v.db.Rows("leases")
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		l := &rvpe.Lease{ID: int(row.Int("id")), Name: row.Text("name"), IP: row.Text("address"), For: rvpe.Anybody}
		v.named[row.Int("id")] = rvpe.LeaseName{ID: l.ID, Name: l.Name, IP: l.IP}
		n := v.vnets[row.Int("vnetid")]
		switch {
		case n == nil:
			v.note("lease %q is left out: its network %d is not there", l.Name, row.Int("vnetid"))
			continue
		case !v.hasAddress(n, l.IP):
			v.note("lease %q is left out: OpenNebula's network %d has no address %s", l.Name, n.VNetID, l.IP)
			continue
		}
		l.NetworkID = n.ID
		if to := row.Int("assigned_to"); to >= 0 {
			l.For = v.keptFor(l.Name, to)
		}
		v.imported.Leases = append(v.imported.Leases, l)
	}
	return len(v.imported.Leases), nil
}

func (v *rvpeReader) hasAddress(n *rvpe.Network, ip string) bool {
	for _, h := range v.addresses[int64(n.VNetID)] {
		if h.ip == ip {
			return true
		}
	}
	return false
}

func (v *rvpeReader) keptFor(lease string, id int64) int {
	if m, there := v.members[id]; there {
		return m
	}
	v.note("lease %q was kept for user %d, who is not there: it is anybody's", lease, id)
	return rvpe.Anybody
}
