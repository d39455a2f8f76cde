package migrate

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// fixedNet is 2.2's type of networks with a list of addresses.
const fixedNet = 1

// networks imports networks with their addresses: a FIXED one gets an address range for each
// address. Leases are not imported, as running VMs are not.
func (r *reader) networks() (int, error) {
	rows, err := r.db.Rows("network_pool")
	if err != nil {
		return 0, err
	}
	if err := r.leases(); err != nil {
		return 0, err
	}
	for _, row := range rows {
		what := fmt.Sprintf("network %q", row.Text("name"))
		legacy, err := parseTemplate(row, what)
		if err != nil {
			return 0, err
		}
		ranges := rangesOf(r.addresses[row.Int("oid")])
		if row.Int("type") != fixedNet {
			ranges = network.RangeOf(legacy.Get("NETWORK_ADDRESS"), legacy.Get("NETWORK_SIZE"))
		}
		o := r.ownerOf(row.Int("uid"), what)
		r.nets[row.Int("oid")] = row.Text("name")
		r.addStep(func(tx *store.Tx) error { return r.addNetwork(tx, row, o, legacy, ranges) })
	}
	return len(rows), nil
}

// lease is an address, and the ID of the VM that uses it, -1 if none.
type lease struct {
	ip, mac string
	vm      int64
}

// leases reads the addresses of networks. 2.2 stores the IP, and the MAC in two parts, as
// numbers.
func (r *reader) leases() error {
	rows, err := r.db.Rows("leases")
	if err != nil {
		return err
	}
	for _, row := range rows {
		h := lease{ip: dotted(uint32(row.Int("ip"))), mac: colons(uint32(row.Int("mac_prefix")), uint32(row.Int("mac_suffix"))), vm: -1}
		if row.Int("used") != 0 {
			h.vm = row.Int("vid")
		}
		r.addresses[row.Int("oid")] = append(r.addresses[row.Int("oid")], h)
	}
	return nil
}

func dotted(ip uint32) string {
	return netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)}).String()
}

func colons(prefix, suffix uint32) string {
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", byte(prefix>>8), byte(prefix),
		byte(suffix>>24), byte(suffix>>16), byte(suffix>>8), byte(suffix))
}

// rangesOf makes an address range for each address.
func rangesOf(list []lease) (ranges []attr.Attr) {
	for _, h := range list {
		ranges = append(ranges, attr.NewVector("AR", attr.Pair{Key: "TYPE", Value: "IP4"}, attr.Pair{Key: "IP", Value: h.ip},
			attr.Pair{Key: "MAC", Value: h.mac}, attr.Pair{Key: "SIZE", Value: "1"}))
	}
	return ranges
}

// holds puts the addresses of skipped VMs on hold: those VMs are still running under 2.2, so
// their addresses must not be leased.
func (r *reader) holds() (n int, err error) {
	for _, id := range slices.Sorted(maps.Keys(r.addresses)) {
		for _, h := range r.addresses[id] {
			if _, known := r.nets[id]; !known || !r.skipped[h.vm] {
				continue
			}
			r.note("%s of network %q stays with VM %d, which is left out: it will be on hold until you release it", h.ip, r.nets[id], h.vm)
			r.addStep(func(tx *store.Tx) error {
				return network.Hold(tx, int(id), attr.Template{attr.NewVector("LEASES", attr.Pair{Key: "IP", Value: h.ip})})
			})
			n++
		}
	}
	return n, nil
}

func (r *reader) addNetwork(tx *store.Tx, row sqlite.Row, o owner, legacy attr.Template, ranges []attr.Attr) error {
	t := legacy.Clone()
	for _, name := range []string{"TYPE", "LEASES", "NETWORK_ADDRESS", "NETWORK_SIZE", "PUBLIC"} {
		t.Del(name)
	}
	t.Set("NAME", row.Text("name"))
	t.Set("BRIDGE", row.Text("bridge"))
	t.Set("VN_MAD", r.NetworkDriver)
	for _, a := range ranges {
		t.Add(a)
	}
	var clusters []int
	for c := range cluster.Kind.Table.All(tx) {
		clusters = append(clusters, c.Val.ID)
	}
	tx.Skip(network.Kind.Table.Name(), int(row.Int("oid"))-1)
	id, err := network.Add(tx, r.Networks, &one.Caller{Groups: []int{one.OneadminGroupID}}, network.New{
		Template: t, Clusters: clusters, ParentID: network.None, TemplateID: network.None, AnyName: true, Legacy: withType(legacy, row),
	})
	if err != nil {
		return fmt.Errorf("network %q: %w", row.Text("name"), err)
	}
	n, err := network.Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if n.State == one.VNetError {
		return fmt.Errorf("network %q: %s", n.Name, n.Template.Get("ERROR"))
	}
	template := n.Template
	n.Meta = head(tx, o, id, n.Name, row.Int("public") != 0, n.Legacy)
	n.Template = template
	network.Kind.Put(tx, n)
	return nil
}

// withType adds the type, RANGED or FIXED, to the attributes that 2.2's clients are shown.
func withType(legacy attr.Template, row sqlite.Row) attr.Template {
	t := legacy.Clone()
	if strings.TrimSpace(t.Get("TYPE")) == "" {
		t.Set("TYPE", map[bool]string{true: "FIXED", false: "RANGED"}[row.Int("type") == fixedNet])
	}
	return t
}
