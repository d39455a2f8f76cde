package rvpe

import (
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
)

func vnMethods() []method {
	return []method{
		{name: "rvpe.vn.pool", help: "Retrieve information about virtual network group", do: look(vnPool)},
		{name: "rvpe.vn.ask_id", signature: "string", help: "Retrieve id of the given-named virtual network", do: look(vnAskID)},
		{name: "rvpe.vn.info", signature: "int", help: "Retrieve information about the virtual network", do: look(vnInfo)},
		{name: "rvpe.vn.add_dns", signature: "int string", help: "add dns servers to the virtual network", admin: true, do: quietly(addServers(rvpe.DNS))},
		{name: "rvpe.vn.remove_dns", signature: "int string", help: "remove dns servers from the virtual network", admin: true, do: quietly(removeServers(rvpe.DNS))},
		{name: "rvpe.vn.add_ntp", signature: "int string", help: "add ntp servers to the virtual network", admin: true, do: quietly(addServers(rvpe.NTP))},
		{name: "rvpe.vn.remove_ntp", signature: "int string", help: "remove ntp servers from the virtual network", admin: true, do: quietly(removeServers(rvpe.NTP))},
		{name: "rvpe.vn.add_lease", signature: "int string string", help: "add a lease to the virtual network", admin: true, do: change(vnAddLease)},
		{name: "rvpe.vn.remove_lease", signature: "int string", help: "remove a lease from the virtual network", admin: true, do: quietly(vnRemoveLease)},
	}
}

func vnPool(_ *Server, c *call) (any, error) {
	list := rvpe.Networks(c.Snap)
	if len(list) == 0 {
		return document(func(w *writer) { w.Empty("VNET_POOL") }), nil
	}
	return one22.Pool("VNET_POOL", func(yield func([]byte) bool) {
		for _, n := range list {
			for _, piece := range networkText(c.Snap, n) {
				if !yield(piece) {
					return
				}
			}
		}
	}), nil
}

func vnAskID(_ *Server, c *call) (any, error) {
	n, ok := rvpe.NetworkNamed(c.Snap, c.Text(1))
	if !ok {
		return nil, refuse("VirtualNetwork[%s] is not found. ", c.Text(1))
	}
	return n.ID, nil
}

func vnInfo(_ *Server, c *call) (any, error) {
	n, ok := rvpe.NetworkOf(c.Snap, c.Int(1))
	if !ok {
		return nil, refuse("VirtualNetwork[%s] is not found.", c.Text(1))
	}
	return xmlrpc.Text{Chunks: networkText(c.Snap, n)}, nil
}

// networkText is a network with its leases, escaped and in pieces.
func networkText(r store.Reader, n *rvpe.Network) [][]byte {
	leases := n.Leases(r)
	text := [][]byte{render.Escaped(func(w *writer) {
		beginNetwork(w, r, n)
		if len(leases) == 0 {
			w.Empty("LEASES")
			return
		}
		w.Open("LEASES")
	})}
	versions := rvpe.LeaseVersions(r)
	for _, l := range leases {
		text = append(text, leaseText(r, l, versions))
	}
	end := "&lt;/VNET&gt;"
	if len(leases) > 0 {
		end = "&lt;/LEASES&gt;" + end
	}
	return append(text, []byte(end))
}

func beginNetwork(w *writer, r store.Reader, n *rvpe.Network) {
	f := n.Facts(r)
	w.Open("VNET")
	w.Int("ID", int64(n.ID))
	for _, e := range [...][2]string{
		{"NAME", n.Name}, {"ZONE", n.ZoneName(r)}, {"UNIQUE_NAME", n.UniqueName(r)}, {"DESCRIPTION", f.Description},
		{"ADDRESS", f.Address}, {"NETMASK", f.Netmask}, {"GATEWAY", f.Gateway}, {"DNS", f.DNS}, {"NTP", f.NTP},
		{"HOST_INTERFACE", f.Bridge},
	} {
		w.Text(e[0], e[1])
	}
}

func addServers(which string) func(*store.Tx, *Server, *call) error {
	return func(tx *store.Tx, _ *Server, c *call) error {
		return rvpe.AddServers(tx, c.Int(1), which, c.Text(2))
	}
}

func removeServers(which string) func(*store.Tx, *Server, *call) error {
	return func(tx *store.Tx, _ *Server, c *call) error {
		return rvpe.RemoveServers(tx, c.Int(1), which, c.Text(2))
	}
}

func vnAddLease(tx *store.Tx, s *Server, c *call) (any, error) {
	return c.Int(1), rvpe.AddLease(tx, s.Rules, c.Int(1), c.Text(2), c.Text(3))
}

func vnRemoveLease(tx *store.Tx, _ *Server, c *call) error {
	return rvpe.RemoveLease(tx, c.Int(1), c.Text(2))
}
