package rvpe

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// lease is what a plain mind knows of an address.
type lease struct {
	name string
	kept string // the user it is kept for, "" for anybody
	vm   int    // that has it, 0
}

// machine is a VM that lives.
type machine struct {
	id     int
	owner  string
	weight int
	leases []*lease
}

// books are a zone with four addresses, and who has how much of it.
type books struct {
	*world
	leases []*lease
	limit  map[string]int // -1: he may not
	vms    []*machine
}

var (
	who    = rapid.SampledFrom([]string{"alice", "bob"})
	weight = map[string]int{"small": 1, "large": 2}
)

// TestQuotasAndLeases makes calls at random and looks after each whether addresses and
// quotas are those that a plain mind expects.
func TestQuotasAndLeases(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		b := newBooks(t, dir)
		t.Repeat(map[string]func(*rapid.T){
			"allow": b.allow, "disallow": b.disallow, "any address": b.any, "chosen address": b.chosen, "two addresses": b.two,
			"finalize": b.finalize, "assign": b.assign, "release": b.release, "": b.check,
		})
	})
}

// newBooks makes a fresh site for each run.
func newBooks(t *rapid.T, dir string) *books {
	b := &books{world: newWorld(t, dir), limit: map[string]int{"alice": -1, "bob": -1}}
	zone := "name: z\nhost: [h]\nnetwork:\n  - {name: n, address: 10.1.0.0, netmask: 255.255.0.0, gateway: 10.1.0.1, dns: [], ntp: [], interface: br0, lease: ["
	for i := range 4 {
		l := &lease{name: fmt.Sprintf("vm%d.z", i)}
		b.leases = append(b.leases, l)
		zone += fmt.Sprintf("{name: %s, address: 10.1.0.1%d}, ", l.name, i)
	}
	b.must(t, "oneadmin", "zone.allocate", strings.TrimSuffix(zone, ", ")+"]}")
	for name, weight := range weight {
		b.must(t, "oneadmin", "vmtype.allocate", fmt.Sprintf("name: %s\ncpu: 1\nmemory: 64\nweight: %d", name, weight))
	}
	for _, name := range []string{"alice", "bob"} {
		b.must(t, "oneadmin", "user.allocate", name, "pw")
	}
	err := b.server.Store.Update(t.Context(), func(tx *store.Tx) error {
		admin, err := b.AuthenticateOld(t.Context(), "oneadmin")
		if err == nil {
			_, err = b.server.Core.Within(tx, admin, "image.allocate", "NAME=disk\nPUBLIC=YES\nBUS=virtio\nDEV_PREFIX=vd\nNIC_MODEL=virtio")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.must(t, "oneadmin", "image.enable", 0, true)
	return b
}

func (b *books) allow(t *rapid.T) {
	name, limit := who.Draw(t, "who"), rapid.IntRange(0, 5).Draw(t, "limit")
	b.must(t, "oneadmin", "user.enable_zone", b.memberID(t, name), true, 1, limit)
	b.limit[name] = limit
}

func (b *books) disallow(t *rapid.T) {
	name := who.Draw(t, "who")
	b.must(t, "oneadmin", "user.enable_zone", b.memberID(t, name), false, 1, 0)
	b.limit[name] = -1
}

func (b *books) memberID(t *rapid.T, name string) int {
	m, ok := rvpe.MemberNamed(b.server.Store.Read(), name)
	if !ok {
		t.Fatalf("%s is gone", name)
	}
	return m.ID
}

// used is the weight of the VMs of a user.
func (b *books) used(name string) (sum int) {
	for _, v := range b.vms {
		if v.owner == name {
			sum += v.weight
		}
	}
	return sum
}

// free is the address that a user is given: anybody's before his own, but for those that
// he has in hand.
func (b *books) free(name string, taken ...*lease) *lease {
	for _, kept := range []string{"", name} {
		for _, l := range b.leases {
			if l.kept == kept && l.vm == 0 && !contains(taken, l) {
				return l
			}
		}
	}
	return nil
}

func contains(list []*lease, l *lease) bool {
	for _, has := range list {
		if has == l {
			return true
		}
	}
	return false
}

func (b *books) any(t *rapid.T) {
	name := who.Draw(t, "who")
	b.allocate(t, name, "n", b.free(name))
}

func (b *books) chosen(t *rapid.T) {
	name, l := who.Draw(t, "who"), rapid.SampledFrom(b.leases).Draw(t, "lease")
	want := l
	if l.vm != 0 || l.kept != name {
		want = nil
	}
	b.allocate(t, name, "n#"+l.name, want)
}

func (b *books) two(t *rapid.T) {
	name := who.Draw(t, "who")
	first := b.free(name)
	b.allocate(t, name, "n;n", first, b.free(name, first))
}

// allocate asks for a VM, which is to have these addresses; nil is one that he cannot have.
func (b *books) allocate(t *rapid.T, name, nets string, want ...*lease) {
	kind := rapid.SampledFrom([]string{"small", "large"}).Draw(t, "type")
	text, ok := b.call(name, "vm.allocate", kind, 0, "key", "z", nets)
	may := b.limit[name] >= b.used(name)+weight[kind] && !contains(want, nil)
	if ok != may {
		t.Fatalf("%s has %d of %d and asks for %s at %s: %v %s", name, b.used(name), b.limit[name], kind, nets, ok, text)
	}
	if !ok {
		return
	}
	v := &machine{owner: name, weight: weight[kind], leases: want}
	fmt.Sscan(text, &v.id)
	for _, l := range want {
		l.vm = v.id
	}
	b.vms = append(b.vms, v)
	if is := element(b.must(t, name, "vm.info", v.id), "NAME"); is != want[0].name {
		t.Fatalf("VM %d is called %s, not %s", v.id, is, want[0].name)
	}
}

func (b *books) finalize(t *rapid.T) {
	if len(b.vms) == 0 {
		t.Skip("no VM")
	}
	i := rapid.IntRange(0, len(b.vms)-1).Draw(t, "VM")
	b.must(t, b.vms[i].owner, "vm.action", b.vms[i].id, "finalize")
	for _, l := range b.vms[i].leases {
		l.vm = 0
	}
	b.vms = append(b.vms[:i:i], b.vms[i+1:]...)
}

func (b *books) assign(t *rapid.T) {
	i, name := rapid.IntRange(0, 3).Draw(t, "lease"), who.Draw(t, "who")
	_, ok := b.call("oneadmin", "lease.assign", i+1, name)
	if want := b.leases[i].kept == ""; ok != want {
		t.Fatalf("assigning %+v to %s: %v", b.leases[i], name, ok)
	}
	if ok {
		b.leases[i].kept = name
	}
}

func (b *books) release(t *rapid.T) {
	i := rapid.IntRange(0, 3).Draw(t, "lease")
	_, ok := b.call("oneadmin", "lease.release", i+1)
	if want := b.leases[i].kept != ""; ok != want {
		t.Fatalf("releasing %+v: %v", b.leases[i], ok)
	}
	b.leases[i].kept = ""
}

// check compares all that is shown with what is expected.
func (b *books) check(t *rapid.T) {
	r := b.server.Store.Read()
	if faults := rvpe.Audit(r); faults != nil {
		t.Fatalf("%+v", faults)
	}
	for i, l := range b.leases {
		text := b.must(t, "oneadmin", "lease.info", i+1)
		vid, kept := -1, "-"
		if l.vm != 0 {
			vid = l.vm
		}
		if l.kept != "" {
			kept = l.kept
		}
		if element(text, "VID") != fmt.Sprint(vid) || element(text, "ASSIGNED_TO_UNAME") != kept || (element(text, "USED") == "1") != (l.vm != 0) {
			t.Fatalf("%s, want %+v", text, l)
		}
	}
	for name, limit := range b.limit {
		text := b.must(t, name, "user.info", b.memberID(t, name))
		limits, uses := fmt.Sprint(limit), fmt.Sprint(b.used(name))
		if limit < 0 {
			limits, uses = "", ""
		}
		if element(text, "ZONE_LIMITS") != limits || element(text, "ZONE_USES") != uses {
			t.Fatalf("%s, want %s of %s", text, uses, limits)
		}
	}
	if found := vm.Audit(r); len(found) > 0 {
		t.Fatalf("the books are wrong: %v", found)
	}
}
