package rvpe

import (
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func zoneMethods() []method {
	return []method{
		{name: "rvpe.zone.pool", help: "Retrieve information about zone group", do: look(zonePool)},
		{name: "rvpe.zone.ask_id", signature: "string", help: "Retrieve id of the given-named zone", do: look(zoneAskID)},
		{name: "rvpe.zone.info", signature: "int", help: "Retrieve information about the zone", do: look(zoneInfo)},
		{name: "rvpe.zone.allocate", signature: "string", help: "Allocates a new zone", admin: true, do: change(zoneAllocate)},
		{name: "rvpe.zone.delete", signature: "int", help: "Deletes a zone from the zone pool", admin: true, do: quietly(zoneDelete)},
		{name: "rvpe.zone.add_host", signature: "int string", help: "add a new host to the zone", admin: true, do: quietly(zoneAddHost)},
		{name: "rvpe.zone.remove_host", signature: "int string", help: "remove a host from the zone", admin: true, do: quietly(zoneRemoveHost)},
		{name: "rvpe.zone.add_vnet", signature: "int string", help: "add a new virtual network to the zone", admin: true, do: quietly(zoneAddNetwork)},
		{
			name: "rvpe.zone.remove_vnet", signature: "int string", admin: true, do: quietly(zoneRemoveNetwork),
			help: "remove a virtual network from the zone",
		},
		{name: "rvpe.zone.sync", help: "synchronize probes with remote hosts in all zones", admin: true, do: look(zoneSync)},
	}
}

func zonePool(_ *Server, c *call) (any, error) {
	return pool("ZONE_POOL", rvpe.Zones(c.Snap), func(b []byte, z *rvpe.Zone) []byte { return appendZone(b, c.Snap, z) }), nil
}

func zoneAskID(_ *Server, c *call) (any, error) {
	z, ok := rvpe.ZoneNamed(c.Snap, c.Text(1))
	if !ok {
		return nil, refuse("Zone[%s] is not found. ", c.Text(1))
	}
	return z.ID, nil
}

func zoneInfo(_ *Server, c *call) (any, error) {
	z, ok := rvpe.ZoneOf(c.Snap, c.Int(1))
	if !ok {
		return nil, refuse("Zone[%s] is not found.", c.Text(1))
	}
	return escaped(appendZone(nil, c.Snap, z)), nil
}

// appendZone appends a zone, escaped. It is rendered again when anything that it names has a
// new version.
func appendZone(b []byte, r store.Reader, z *rvpe.Zone) []byte {
	return append(b, z.Row(r).Dependent(slotText, z.Versions(r), func(z *rvpe.Zone) []byte {
		return render.Escaped(func(w *writer) { writeZone(w, r, z) })
	})...)
}

func writeZone(w *writer, r store.Reader, z *rvpe.Zone) {
	w.Open("ZONE")
	w.Int("ID", int64(z.ID))
	w.Text("NAME", z.Name(r))
	list(w, "HOSTS", z.Hosts(r), func(w *writer, h *host.Host) { writeNamed(w, "HOST", h.ID, h.Name) })
	list(w, "NETWORKS", z.Networks(r), func(w *writer, n *rvpe.Network) { writeNamed(w, "NETWORK", n.ID, n.Name) })
	w.Close("ZONE")
}

func writeNamed(w *writer, tag string, id int, name string) {
	w.Open(tag)
	w.Int("ID", int64(id))
	w.Text("NAME", name)
	w.Close(tag)
}

func zoneAllocate(tx *store.Tx, s *Server, c *call) (any, error) {
	d, err := rvpe.ParseDefinition(c.Text(1))
	if err != nil {
		return nil, err
	}
	return rvpe.AllocateZone(tx, s.Rules, c.Caller, d)
}

func zoneDelete(tx *store.Tx, _ *Server, c *call) error { return rvpe.DeleteZone(tx, c.Int(1)) }

func zoneAddHost(tx *store.Tx, s *Server, c *call) error {
	return rvpe.AddHost(tx, s.Rules, c.Int(1), c.Text(2))
}

func zoneRemoveHost(tx *store.Tx, _ *Server, c *call) error {
	return rvpe.RemoveHost(tx, c.Int(1), c.Text(2))
}

func zoneAddNetwork(tx *store.Tx, s *Server, c *call) error {
	d, err := rvpe.ParseDefinition(c.Text(2))
	if err != nil {
		return err
	}
	return rvpe.AddNetwork(tx, s.Rules, c.Caller, c.Int(1), d)
}

func zoneRemoveNetwork(tx *store.Tx, _ *Server, c *call) error {
	return rvpe.RemoveNetwork(tx, c.Int(1), c.Text(2))
}

// zoneSync has nothing to do: hosts are asked directly, without probes copied to them.
func zoneSync(*Server, *call) (any, error) { return nothing, nil }
