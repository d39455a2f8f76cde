package one22

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func vnMethods() []method {
	return []method{
		{name: "one.vn.allocate", class: "VirtualNetworkAllocate", params: texts("template"), do: change(vnAllocate)},
		infoOf(network.Kind, "one.vn.info", "VirtualNetworkInfo", "NET", writes(writeNet)),
		{name: "one.vn.delete", class: "VirtualNetworkDelete", params: ints("id"), do: change(vnDelete)},
		{name: "one.vn.publish", class: "VirtualNetworkPublish", params: flag("publish"), do: change(vnPublish)},
		{name: "one.vn.addleases", class: "VirtualNetworkAddLeases", params: append(ints("id"), texts("leases")...), do: change(vnAddLeases)},
		{name: "one.vn.rmleases", class: "VirtualNetworkRemoveLeases", params: append(ints("id"), texts("leases")...), do: change(vnRemoveLeases)},
		filteredOf(network.Kind, "one.vnpool.info", "VirtualNetworkPoolInfo", "VNET_POOL", func(*network.VNet) bool { return true }, writes(writePoolNet)),
	}
}

func vnAllocate(tx *store.Tx, s *Server, c *call) (any, error) {
	words, err := attr.Parse(c.Text(1))
	if err != nil {
		return nil, unreadable("VNET TEMPLATE", err, ". Reason: ")
	}
	ranges, why := rangesOf(words)
	if _, taken := network.Kind.ByName.First(tx, words.Get("NAME")); taken && why == "" {
		why = "Can not update Virtual Network"
	}
	if why != "" {
		return nil, noNet(tx, why)
	}
	words, public := published(words)
	id, err := network.Add(tx, s.Networks, c.Caller, network.New{
		Template: s.netTemplate(words, ranges), Clusters: everyCluster(tx), ParentID: network.None, TemplateID: network.None, Legacy: words,
	})
	if err != nil {
		return nil, failed("CREATE", "NET", unnamed, 0, because(err))
	}
	n, _ := network.Kind.Edit(tx, id)
	if n.State == one.VNetError {
		return nil, noNet(tx, "Can not update Virtual Network")
	}
	publish(&n.Meta, public)
	network.Kind.Put(tx, n)
	return id, nil
}

// noNet refuses a network, with the ID that it would have had; the transaction ends here, so
// no ID is used up.
func noNet(tx *store.Tx, why string) error {
	id := tx.Next(network.Kind.Table.Name(), network.Kind.First)
	return failed("CREATE", "NET", unnamed, 0, " "+why+", id: "+strconv.Itoa(id)+".")
}

// published takes PUBLIC out of a template.
func published(words attr.Template) (attr.Template, bool) {
	t := words.Clone()
	public := isYes(t.Get("PUBLIC"))
	t.Del("PUBLIC")
	return t, public
}

// everyCluster lists all clusters: a network of 2.2 is available everywhere.
func everyCluster(r store.Reader) []int { return keys(cluster.Kind.Table.All(r)) }

// netTemplate is the template for today's rules: bridges exist
// already, and what describes the network to guests goes with it.
func (s *Server) netTemplate(words attr.Template, ranges []attr.Attr) attr.Template {
	t := words.Clone()
	for _, name := range []string{"TYPE", "LEASES", "NETWORK_ADDRESS", "NETWORK_SIZE"} {
		t.Del(name)
	}
	t.Set("VN_MAD", s.NetworkDriver)
	for _, r := range ranges {
		t.Add(r)
	}
	return t
}

// rangesOf makes the address ranges of a network: one for each lease of a FIXED one, and a
// single one if it is RANGED. why is the reason if it cannot.
func rangesOf(words attr.Template) (ranges []attr.Attr, why string) {
	kind := strings.ToUpper(words.Get("TYPE"))
	switch {
	case kind != "RANGED" && kind != "FIXED":
		return nil, "Wrong type in template for Virtual Network"
	case words.Get("NAME") == "":
		return nil, "No NAME in template for Virtual Network"
	case words.Get("BRIDGE") == "":
		return nil, "No BRIDGE in template for Virtual Network"
	case kind == "RANGED" && words.Get("NETWORK_ADDRESS") == "":
		return nil, "Network address is not defined"
	case kind == "RANGED":
		return network.RangeOf(words.Get("NETWORK_ADDRESS"), words.Get("NETWORK_SIZE")), ""
	}
	for _, l := range words.Vectors("LEASES") {
		ranges = append(ranges, network.AddressRange(l.Get("IP"), l.Get("MAC"), 1))
	}
	return ranges, ""
}

// ownNet returns a copy of a network that the caller may change.
func ownNet(tx *store.Tx, c *call, action string) (*network.VNet, error) {
	n, ok := network.Kind.Table.Edit(tx, store.ID(c.Int(1)))
	if !ok {
		return nil, noSuch("NET", c.Int(1))
	}
	return n, c.owns(&n.Meta, action, "NET")
}

func vnDelete(tx *store.Tx, _ *Server, c *call) (any, error) {
	n, err := ownNet(tx, c, "DELETE")
	if err != nil {
		return nil, err
	}
	acl.ForgetObject(tx, one.KindNet, n.ID)
	if err := network.Delete(tx, n.ID); err != nil {
		return nil, failed("DELETE", "NET", n.ID, -1, because(err))
	}
	return nothing, nil
}

func vnPublish(tx *store.Tx, _ *Server, c *call) (any, error) {
	n, err := ownNet(tx, c, "MANAGE")
	if err != nil {
		return nil, err
	}
	publish(&n.Meta, c.Bool(2))
	network.Kind.Put(tx, n)
	return n.ID, nil
}
