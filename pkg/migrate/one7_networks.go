package migrate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// network imports a network, or a reservation, with its address ranges.
func (r *reader7) network(e *element) bool {
	n := &network.VNet{
		Meta: meta(e), Clusters: e.ids("CLUSTERS"), Bridge: e.str("BRIDGE"), BridgeType: e.str("BRIDGE_TYPE"), State: one.VNetReady,
		ParentID: e.or("PARENT_NETWORK_ID", network.None), TemplateID: e.or("TEMPLATE_ID", network.None), VNMad: e.str("VN_MAD"), PhyDev: e.str("PHYDEV"),
		VLANID: e.str("VLAN_ID"), OuterVLANID: e.str("OUTER_VLAN_ID"), VLANAuto: e.int("VLAN_ID_AUTOMATIC") != 0,
		OuterVLANAuto: e.int("OUTER_VLAN_ID_AUTOMATIC") != 0,
	}
	for _, kid := range e.at("AR_POOL").all("AR") {
		ar := network.AR{ID: kid.int("AR_ID"), Attrs: kid.vector(), Next: kid.num("NEXT_INDEX")}
		for _, key := range notKept {
			ar.Attrs.Del(key)
		}
		ar.Attrs.Set("AR_ID", strconv.Itoa(ar.ID))
		n.ARs = append(n.ARs, ar)
		r.allocated = append(r.allocated, allocated{n.ID, ar.ID, n.Name, kid.str("ALLOCATED")})
	}
	slices.SortFunc(n.ARs, func(a, b network.AR) int { return a.ID - b.ID })
	r.nets[n.ID] = true
	return keep(r.Plan, network.Kind, n)
}

// notKept are attributes of a range that are computed, or say who has its leases.
var notKept = []string{
	"ALLOCATED", "USED_LEASES", "LEASES", "NEXT_INDEX", "MAC_END", "IP_END", "IP6_END", "IP6_ULA", "IP6_ULA_END", "IP6_GLOBAL", "IP6_GLOBAL_END",
}

// allocated are the leases of an address range: pairs of an index and a holder.
type allocated struct {
	net, ar int
	name    string // of the network
	pairs   string
}

// Kinds of holders, in the upper half of a holder's number; the lower half is its ID.
const (
	isVM     = 0x1000000000
	isNet    = 0x4000000000
	isRouter = 0x4000000000000
)

// holds assigns addresses to reservations, keeps addresses that were on hold, and puts those of
// skipped VMs and virtual routers on hold, as these are still running.
func (r *reader7) holds() (n int, err error) {
	for _, g := range r.allocated {
		fields := strings.Fields(g.pairs)
		for i := 0; i+1 < len(fields); i += 2 {
			index, err1 := strconv.ParseInt(fields[i], 10, 64)
			holder, err2 := strconv.ParseInt(fields[i+1], 10, 64)
			if err1 != nil || err2 != nil {
				return 0, fmt.Errorf("range %d of network %q: who has its addresses cannot be read: %q", g.ar, g.name, g.pairs)
			}
			h, had := r.holder(holder, g, index)
			if !had {
				continue
			}
			r.addStep(func(tx *store.Tx) error { return network.AdoptLease(tx, g.net, g.ar, index, h) })
			if h == network.OnHold {
				n++
			}
		}
	}
	return n, nil
}

// holder is the new holder of an address; false if it is free.
func (r *reader7) holder(number int64, g allocated, index int64) (network.Holder, bool) {
	id := int(int32(number))
	skipped := func(what string) (network.Holder, bool) {
		r.note("address %d of range %d of network %q stays with %s %d, which is left out: it will be on hold until you release it", index, g.ar, g.name, what, id)
		return network.OnHold, true
	}
	switch {
	case number&isRouter != 0:
		return skipped("virtual router")
	case number&isNet != 0:
		return network.Holder{Kind: one.KindNet, ID: id}, r.nets[id]
	case number&isVM != 0 && id == network.OnHold.ID:
		return network.OnHold, true
	case number&isVM != 0 && r.skipped[id]:
		return skipped("VM")
	}
	return network.Holder{}, false
}
