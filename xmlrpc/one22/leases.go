package one22

import (
	"fmt"
	"net/netip"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// isFixed reports whether a network is FIXED in 2.2's terms: all its ranges have one address.
func isFixed(n *network.VNet) bool {
	if kind := n.Legacy.Get("TYPE"); kind != "" {
		return kind != "RANGED" && kind != "ranged"
	}
	for i := range n.ARs {
		if size, _ := n.ARs[i].Attrs.Int("SIZE"); size != 1 {
			return false
		}
	}
	return true
}

// oneLease reads the argument of addleases and rmleases.
func oneLease(text string) (*attr.Attr, error) {
	t, err := attr.Parse(text)
	if err != nil {
		return nil, unreadable("LEASES TEMPLATE", err, " Reason: ")
	}
	return t.Vector("LEASES"), nil
}

func vnAddLeases(tx *store.Tx, s *Server, c *call) (any, error) {
	l, err := oneLease(c.Text(2))
	if err != nil {
		return nil, err
	}
	n, err := ownNet(tx, c, "MANAGE")
	if err != nil {
		return nil, err
	}
	cannot := func(why string) error { return failed("ADD LEASE", "NET", n.ID, -1, " Reason: "+why) }
	switch {
	case !isFixed(n):
		return nil, cannot("Adding new leases is only supported for FIXED networks.")
	case l == nil:
		return nil, cannot("Empty lease description.")
	case !isIPv4(l.Get("IP")):
		return nil, cannot("Error inserting lease, malformed IP = " + l.Get("IP"))
	case arOf(n, l.Get("IP")) >= 0:
		return nil, cannot("Error inserting lease, IP " + l.Get("IP") + " already exists")
	}
	err = network.AddAR(tx, s.Networks, &one.Caller{}, n.ID, attr.Template{network.AddressRange(l.Get("IP"), l.Get("MAC"), 1)})
	if err != nil {
		return nil, cannot("Error inserting lease, malformed MAC = " + l.Get("MAC"))
	}
	return n.ID, nil
}

func vnRemoveLeases(tx *store.Tx, _ *Server, c *call) (any, error) {
	l, err := oneLease(c.Text(2))
	if err != nil {
		return nil, err
	}
	n, err := ownNet(tx, c, "MANAGE")
	if err != nil {
		return nil, err
	}
	cannot := func(why string) error { return failed("REMOVE LEASE", "NET", n.ID, -1, " Reason: "+why) }
	ip := ""
	if l != nil {
		ip = l.Get("IP")
	}
	ar := arOf(n, ip)
	switch {
	case !isFixed(n):
		return nil, cannot("Removing leases is only supported for FIXED networks.")
	case l == nil:
		return nil, cannot("Empty lease description.")
	case !isIPv4(ip):
		return nil, cannot("Error deleting lease, malformed IP = " + ip)
	case ar < 0:
		return nil, cannot(fmt.Sprintf("Error deleting lease, IP %s is not part of NET %d", ip, n.ID))
	}
	if err := network.RemoveAR(tx, n.ID, ar, false); err != nil {
		return nil, cannot("Error deleting lease, IP " + ip + " is currently in use")
	}
	return n.ID, nil
}

func isIPv4(text string) bool {
	a, err := netip.ParseAddr(text)
	return err == nil && a.Is4()
}

// arOf finds the range that begins with an address; -1 when there is none.
func arOf(n *network.VNet, ip string) int {
	for i := range n.ARs {
		if n.ARs[i].Attrs.Get("IP") == ip && ip != "" {
			return n.ARs[i].ID
		}
	}
	return -1
}

// writeLeases lists all addresses of a FIXED network, and of a RANGED one those in
// use.
func writeLeases(w *render.Writer, r store.Reader, n *network.VNet) {
	fixed := isFixed(n)
	w.Open("LEASES")
	for i := range n.ARs {
		ar := &n.ARs[i]
		all := ar.Range()
		used := map[int64]*network.Lease{}
		for l := range network.LeasesOf(r, n.ID, ar.ID) {
			used[l.Index] = l
			if !fixed {
				writeLease(w, &all, l.Index, l)
			}
		}
		for index := int64(0); fixed && index < all.Count(); index++ {
			writeLease(w, &all, index, used[index])
		}
	}
	w.Close("LEASES")
}

// writeLease writes one address. An address on hold counts as used.
func writeLease(w *render.Writer, all *network.Range, index int64, l *network.Lease) {
	a := attr.NewVector("LEASE")
	all.Describe(index, &a)
	vid := -1
	if l != nil && l.Holder.Kind == one.KindVM {
		vid = l.Holder.ID
	}
	w.Open("LEASE")
	w.Text("IP", a.Get("IP"))
	w.Text("MAC", a.Get("MAC"))
	w.Bool("USED", l != nil)
	w.Text("VID", strconv.Itoa(vid))
	w.Close("LEASE")
}

func writeNet(w *render.Writer, r store.Reader, n *network.VNet) {
	netHead(w, n, false)
	w.Template("TEMPLATE", wordsOfNet(n))
	writeLeases(w, r, n)
	w.Close("VNET")
}

func writePoolNet(w *render.Writer, _ store.Reader, n *network.VNet) {
	netHead(w, n, true)
	w.Int("TOTAL_LEASES", n.Used())
	w.Template("TEMPLATE", wordsOfNet(n))
	w.Close("VNET")
}

func netHead(w *render.Writer, n *network.VNet, inPool bool) {
	w.Open("VNET")
	w.Int("ID", int64(n.ID))
	w.Int("UID", int64(n.UID))
	if inPool {
		w.Text("USERNAME", n.UName)
	}
	w.Text("NAME", n.Name)
	w.Bool("TYPE", isFixed(n)) // 0 RANGED, 1 FIXED
	w.Text("BRIDGE", n.Bridge)
	w.Bool("PUBLIC", isPublic(&n.Meta))
}

// netAttributes are those that describe a network to its guests.
var netAttributes = []string{"DESCRIPTION", "DNS", "GATEWAY", "NETWORK_MASK"}

// wordsOfNet describes a network in 2.2's words: those it was created with, or the
// equivalent.
func wordsOfNet(n *network.VNet) attr.Template {
	if n.Legacy != nil {
		return named(n.Legacy, n.Name)
	}
	var t attr.Template
	t.Set("NAME", n.Name)
	t.Set("BRIDGE", n.Bridge)
	t.Set("TYPE", "RANGED")
	if isFixed(n) {
		t.Set("TYPE", "FIXED")
	}
	for _, name := range netAttributes {
		if value, ok := n.Template.Lookup(name); ok {
			t.Set(name, value)
		}
	}
	return t
}
