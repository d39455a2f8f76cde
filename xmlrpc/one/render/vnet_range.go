package render

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// allocated is the attribute with all leases of a range as numbers.
const allocated = "ALLOCATED"

// rangeInFull writes an address range with its leases, one by one.
func (w *Writer) rangeInFull(r store.Reader, n *network.VNet, a *network.AR, sees func(network.Holder) bool) {
	g := a.Range()
	v := a.Attrs.Clone()
	v.Del(allocated)
	v.Set("NEXT_INDEX", strconv.FormatInt(a.Next, 10))
	w.Open("AR")
	w.pairs(v.Vector)
	w.pairs(g.Ends())
	w.Int("USED_LEASES", a.Used)
	if a.Used == 0 {
		w.Empty("LEASES")
	} else {
		w.Open("LEASES")
		for l := range network.LeasesOf(r, n.ID, a.ID) {
			w.lease(&g, l, sees)
		}
		w.Close("LEASES")
	}
	w.Close("AR")
}

// holderKeys are the attributes for the holder of a lease, by its kind.
var holderKeys = map[one.Kind]string{one.KindVM: "VM", one.KindNet: "VNET", one.KindVRouter: "VROUTER"}

// lease writes a lease, once for each of its holders that may be seen.
func (w *Writer) lease(g *network.Range, l *network.Lease, sees func(network.Holder) bool) {
	for h := range l.Holders() {
		if !sees(h) {
			continue
		}
		var v attr.Attr
		g.Describe(l.Index, &v)
		v.Set(holderKeys[h.Kind], strconv.Itoa(h.ID))
		w.Open("LEASE")
		w.pairs(v.Vector)
		w.Close("LEASE")
	}
}

// rangeInShort writes an address range as oned stores it.
func (w *Writer) rangeInShort(r store.Reader, n *network.VNet, a *network.AR) {
	v := a.Attrs.Clone()
	v.Set("NEXT_INDEX", strconv.FormatInt(a.Next, 10))
	if v.Has(allocated) {
		v.Set(allocated, packed(r, n.ID, a.ID))
	}
	w.Open("AR")
	w.pairs(v.Vector)
	w.Close("AR")
}

// packed lists leases as " index holder", where a holder is the number of its kind with the ID
// in the low 32 bits.
func packed(r store.Reader, vnet, ar int) string {
	var b []byte
	for l := range network.LeasesOf(r, vnet, ar) {
		for h := range l.Holders() {
			b = strconv.AppendInt(append(b, ' '), l.Index, 10)
			b = strconv.AppendInt(append(b, ' '), int64(h.Kind)|int64(uint32(h.ID)), 10)
		}
	}
	return string(b)
}

// pairs writes an element for each pair.
func (w *Writer) pairs(list []attr.Pair) {
	for _, p := range list {
		w.CDATA(p.Key, p.Value)
	}
}
