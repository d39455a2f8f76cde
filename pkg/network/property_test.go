package network_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// address names one address of a test: network, range and index.
type address struct{ net, ar, index int }

// model keeps the leases that each network should have, in the simplest way.
type model struct {
	*world
	held map[address]network.Holder
	nics map[address]attr.Attr // of VMs
	size map[[2]int]int        // by network and range
	from map[[2]int]address    // of ranges of reservations: the first address in the parent
}

func (m *model) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"attach": m.attachAny, "attach to an IP": m.attachIP, "detach": m.detachOne,
		"hold": m.hold, "release": m.release,
		"reserve": m.reserveNew, "reserve more": m.reserveMore, "delete": m.delete,
		"add range": m.addRange, "remove range": m.removeRange, "resize": m.resize,
		"": m.check,
	}
}

func TestNoAddressIsGivenTwiceOrLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := &model{
			world: newWorld(t),
			held:  map[address]network.Holder{}, nics: map[address]attr.Attr{},
			size: map[[2]int]int{}, from: map[[2]int]address{},
		}
		defer m.st.Close()
		m.addTo(m.net("base", "TYPE=IP4, IP=10.0.0.0, SIZE=7"), 0, 7)
		t.Repeat(m.actions())
	})
}

func (m *model) addTo(net, ar, size int) { m.size[[2]int{net, ar}] = size }

// ranges lists the address ranges, in order.
func (m *model) ranges(only func(k [2]int) bool) [][2]int {
	var list [][2]int
	for k := range m.size {
		if only(k) {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	return list
}

func all([2]int) bool { return true }

// pick draws one of the ranges, or skips the action where there is none.
func (m *model) pick(t *rapid.T, only func(k [2]int) bool) [2]int {
	list := m.ranges(only)
	if len(list) == 0 {
		t.Skip("no such range")
	}
	return rapid.SampledFrom(list).Draw(t, "range")
}

// ip is an address of a range, as the network itself says.
func (m *model) ip(k [2]int, index int) string {
	for _, a := range m.get(k[0]).ARs {
		if a.ID == k[1] {
			g := a.Range()
			var v attr.Attr
			g.Describe(int64(index), &v)
			return v.Get("IP")
		}
	}
	m.t.Fatalf("network %d has no range %d", k[0], k[1])
	return ""
}

// free reports whether a range has an address left.
func (m *model) free(k [2]int) int {
	n := m.size[k]
	for a := range m.held {
		if a.net == k[0] && a.ar == k[1] {
			n--
		}
	}
	return n
}

func (m *model) attachAny(t *rapid.T) {
	net := m.pick(t, all)[0]
	vm := rapid.IntRange(0, 3).Draw(t, "vm")
	nic, err := m.attach(vm, fmt.Sprintf("NETWORK_ID=%d", net))
	room := slices.ContainsFunc(m.ranges(func(k [2]int) bool { return k[0] == net }), func(k [2]int) bool { return m.free(k) > 0 })
	if (err == nil) != room {
		t.Fatalf("network %d has room: %v; attaching: %v", net, room, err)
	}
	if err == nil {
		m.given(t, vm, net, nic)
	}
}

func (m *model) attachIP(t *rapid.T) {
	k := m.pick(t, all)
	index := rapid.IntRange(0, m.size[k]+1).Draw(t, "index")
	ip := m.ip(k, index)
	nic, err := m.attach(1, fmt.Sprintf("NETWORK_ID=%d, IP=%s", k[0], ip))
	if free := m.hasFree(k[0], ip); free != (err == nil) {
		t.Fatalf("attaching to %s (free: %v): %v", ip, free, err)
	}
	if err == nil {
		m.given(t, 1, k[0], nic)
	}
}

// hasFree reports whether an IP is free in some range of a network.
func (m *model) hasFree(net int, ip string) bool {
	for _, k := range m.ranges(func(k [2]int) bool { return k[0] == net }) {
		for index := range m.size[k] {
			if _, busy := m.held[address{net, k[1], index}]; !busy && m.ip(k, index) == ip {
				return true
			}
		}
	}
	return false
}

// given records a lease, and fails the test if somebody has it already.
func (m *model) given(t *rapid.T, vm, net int, nic attr.Attr) {
	ar, _ := nic.Int("AR_ID")
	k := [2]int{net, ar}
	for index := range m.size[k] {
		if m.ip(k, index) != nic.Get("IP") {
			continue
		}
		a := address{net, ar, index}
		if was, busy := m.held[a]; busy {
			t.Fatalf("%s of %v was given, but %v has it", nic.Get("IP"), k, was)
		}
		m.held[a], m.nics[a] = network.Holder{Kind: one.KindVM, ID: vm}, nic
		return
	}
	t.Fatalf("%s is not in range %v of %d addresses", nic.Get("IP"), k, m.size[k])
}

func (m *model) detachOne(t *rapid.T) {
	var list []address
	for a := range m.nics {
		list = append(list, a)
	}
	if len(list) == 0 {
		t.Skip("no NIC")
	}
	slices.SortFunc(list, func(a, b address) int {
		return slices.Compare([]int{a.net, a.ar, a.index}, []int{b.net, b.ar, b.index})
	})
	a := rapid.SampledFrom(list).Draw(t, "NIC")
	m.detach(m.held[a].ID, m.nics[a])
	m.detach(m.held[a].ID, m.nics[a]) // detaching an unknown NIC is no error
	delete(m.held, a)
	delete(m.nics, a)
}

func (m *model) hold(t *rapid.T) {
	k := m.pick(t, all)
	a := address{k[0], k[1], rapid.IntRange(0, m.size[k]).Draw(t, "index")}
	err := m.with(network.Hold, a.net, fmt.Sprintf("LEASES=[IP=%s, AR_ID=%d]", m.ip(k, a.index), a.ar))
	_, busy := m.held[a]
	if wanted := !busy && a.index < m.size[k]; wanted != (err == nil) {
		t.Fatalf("holding %v (in use: %v): %v", a, busy, err)
	}
	if err == nil {
		m.held[a] = network.OnHold
	}
}

func (m *model) release(t *rapid.T) {
	k := m.pick(t, all)
	a := address{k[0], k[1], rapid.IntRange(0, m.size[k]).Draw(t, "index")}
	if err := m.with(network.Release, a.net, fmt.Sprintf("LEASES=[IP=%s, AR_ID=%d]", m.ip(k, a.index), a.ar)); err != nil {
		t.Fatalf("releasing %v: %v", a, err)
	}
	if m.held[a] == network.OnHold {
		delete(m.held, a)
	}
}

func isBase(k [2]int) bool { return k[0] == 0 }

func isReservation(k [2]int) bool { return k[0] != 0 }

func (m *model) reserveNew(t *rapid.T) {
	m.reserveInto(t, fmt.Sprintf("NAME=r%d", rapid.Uint32().Draw(t, "name")))
}

func (m *model) reserveMore(t *rapid.T) {
	m.reserveInto(t, fmt.Sprintf("NETWORK_ID=%d", m.pick(t, isReservation)[0]))
}

func (m *model) reserveInto(t *rapid.T, target string) {
	size := rapid.IntRange(1, 4).Draw(t, "size")
	text := fmt.Sprintf("%s\nSIZE=%d", target, size)
	if rapid.Bool().Draw(t, "by address") {
		k := m.pick(t, isBase)
		text += fmt.Sprintf("\nAR_ID=%d\nIP=%s", k[1], m.ip(k, rapid.IntRange(0, m.size[k]).Draw(t, "index")))
	}
	id, err := m.reserve(alice, 0, text)
	if err != nil {
		return // whether there is room is tested elsewhere
	}
	ars := m.get(id).ARs
	m.reserved(t, id, &ars[len(ars)-1], size)
}

// reserved records the range of a reservation and what it took from its parent.
func (m *model) reserved(t *rapid.T, id int, ar *network.AR, size int) {
	parent, _ := ar.Attrs.Int("PARENT_NETWORK_AR_ID")
	k := [2]int{0, parent}
	for first := range m.size[k] {
		if m.ip(k, first) != ar.Attrs.Get("IP") {
			continue
		}
		for i := range size {
			a := address{0, parent, first + i}
			if was, busy := m.held[a]; busy || first+i >= m.size[k] {
				t.Fatalf("%v was reserved, but %v has it", a, was)
			}
			m.held[a] = network.Holder{Kind: one.KindNet, ID: id}
		}
		m.from[[2]int{id, ar.ID}] = address{0, parent, first}
		m.addTo(id, ar.ID, size)
		return
	}
	t.Fatalf("%s is not in range %v", ar.Attrs.Get("IP"), k)
}

func (m *model) used(k [2]int) bool {
	for a := range m.held {
		if a.net == k[0] && a.ar == k[1] {
			return true
		}
	}
	return false
}

// forget removes a range from the model; that of a reservation goes back to its parent.
func (m *model) forget(k [2]int) {
	if first, ok := m.from[k]; ok {
		for i := range m.size[k] {
			delete(m.held, address{first.net, first.ar, first.index + i})
		}
		delete(m.from, k)
	}
	delete(m.size, k)
}

func (m *model) delete(t *rapid.T) {
	net := m.pick(t, isReservation)[0]
	mine := m.ranges(func(k [2]int) bool { return k[0] == net })
	err := m.try(func(tx *store.Tx) error { return network.Delete(tx, net) })
	if used := slices.ContainsFunc(mine, m.used); used == (err == nil) {
		t.Fatalf("deleting network %d (in use: %v): %v", net, used, err)
	}
	if err == nil {
		for _, k := range mine {
			m.forget(k)
		}
	}
}

func (m *model) addRange(t *rapid.T) {
	n := m.get(0)
	size := rapid.IntRange(0, 7).Draw(t, "size")
	next := 0 // the next range ID is the highest plus one
	if len(n.ARs) > 0 {
		next = n.ARs[len(n.ARs)-1].ID + 1
	}
	if next > 200 {
		t.Skip("enough ranges")
	}
	if err := m.addAR(admin, 0, fmt.Sprintf("TYPE=IP4, IP=10.0.%d.0, SIZE=%d", next, size)); err != nil {
		t.Fatalf("adding a range: %v", err)
	}
	m.addTo(0, next, size)
}

func (m *model) removeRange(t *rapid.T) {
	k := m.pick(t, all)
	err := m.removeAR(k[0], k[1], false)
	if used := m.used(k); used == (err == nil) {
		t.Fatalf("removing range %v (in use: %v): %v", k, used, err)
	}
	if err == nil {
		m.forget(k)
	}
}

func (m *model) resize(t *rapid.T) {
	k := m.pick(t, isBase)
	size := rapid.IntRange(0, 9).Draw(t, "size")
	outside := false
	for a := range m.held {
		outside = outside || a.net == k[0] && a.ar == k[1] && a.index >= size
	}
	if err := m.updateAR(admin, k[0], fmt.Sprintf("AR_ID=%d, SIZE=%d", k[1], size)); outside == (err == nil) {
		t.Fatalf("resizing range %v to %d (leases outside: %v): %v", k, size, outside, err)
	} else if err == nil {
		m.addTo(k[0], k[1], size)
	}
}

// check compares the store with the model.
func (m *model) check(t *rapid.T) {
	r := m.st.Read()
	got, used := map[address]network.Holder{}, map[int]int64{}
	for row := range network.Leases.All(r) {
		l := row.Val
		got[address{l.VNet, l.AR, int(l.Index)}] = l.Holder
		used[l.VNet]++
	}
	if diff := cmp.Diff(m.held, got); diff != "" {
		t.Fatalf("leases (-want +got):\n%s", diff)
	}
	for row := range network.Kind.Table.All(r) {
		if n := row.Val; n.Used() != used[n.ID] {
			t.Fatalf("network %d counts %d, has %d", n.ID, n.Used(), used[n.ID])
		}
	}
	m.checkQuota(t, r)
}

// checkQuota compares the quotas of alice's reservations with their leases.
func (m *model) checkQuota(t *rapid.T, r store.Reader) {
	want := 0
	for h := range maps.Values(m.held) {
		if h.Kind == one.KindNet {
			want++
		}
	}
	if got := leasesCounted(r, alice.UID, 0); got != fmt.Sprint(want) {
		t.Fatalf("alice's leases of network 0: counted %s, has %d", got, want)
	}
}

// leasesCounted returns LEASES_USED of a user in a network.
func leasesCounted(r store.Reader, uid, net int) string {
	q, ok := quota.Users.Get(r, store.ID(uid))
	if !ok {
		return "0"
	}
	for _, e := range q.Entries[quota.Networks] {
		if e.Key == fmt.Sprint(net) {
			return e.Used[0].String()
		}
	}
	return "0"
}
