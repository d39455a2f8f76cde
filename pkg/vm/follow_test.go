package vm

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

const nicOfNet = "CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0]"

// lists returns the VMs that are not up to date with network 0.
func (w *world) lists() map[network.Stage][]int {
	got := map[network.Stage][]int{}
	for row := range network.Lags.All(w.store.Read()) {
		got[row.Val.Stage] = append(got[row.Val.Stage], row.Val.VM)
	}
	return got
}

func (w *world) updateNet(text string) {
	w.must(func(tx *store.Tx) error {
		if err := network.Update(tx, w.s.Network, oneadmin, 0, text, true); err != nil {
			return err
		}
		return Follow(tx, w.s, 0)
	})
}

func (w *world) recoverNet(operation int) {
	w.must(func(tx *store.Tx) error {
		if err := network.Recover(tx, 0, operation); err != nil {
			return err
		}
		return Follow(tx, w.s, 0)
	})
}

func (w *world) netState() one.VNetState {
	n, err := network.Kind.Get(w.store.Read(), 0)
	if err != nil {
		w.tb.Fatalf("reading network 0: %v", err)
	}
	return n.State
}

func (w *world) mtu(id int) string { return w.vm(id).NIC(0).Get("MTU") }

// expectLists checks the state of network 0 and of the VMs in it.
func (w *world) expectLists(t *testing.T, when string, state one.VNetState, want map[network.Stage][]int) {
	t.Helper()
	if diff := cmp.Diff(want, w.lists()); diff != "" || w.netState() != state {
		t.Errorf("%s: the network is %s (-want +got):\n%s", when, w.netState(), diff)
	}
	w.audit()
}

type lists = map[network.Stage][]int

// Running VMs are updated one after the other, others at once. recover retries failed updates.
func TestUpdateOfANetworkUpdatesItsVMs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, waiting, second := w.running(nicOfNet), w.allocate(nicOfNet, true), w.running(nicOfNet)
	own := w.running("CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0,MTU=1280]")
	w.updateNet("MTU=9000\nDNS=9.9.9.9")
	w.expectLists(t, "updated", one.VNetReady, lists{network.Updating: {first}, network.Outdated: {waiting, second, own}})
	if got := w.vm(first).Status().String(); got != "HOTPLUG_NIC" {
		t.Errorf("VM %d is %s while its host is updated", first, got)
	}
	w.settle(first, nil, nil)
	w.expectLists(t, "after the first update", one.VNetReady, lists{network.Updating: {second}, network.Outdated: {own}})
	w.settle(second, nil, errors.New("no such NIC"))
	w.expectLists(t, "after a failed update", one.VNetUpdateFailure, lists{network.Failed: {second}})
	for id, want := range map[int]string{first: "9000", waiting: "9000", second: "9000", own: "1280"} {
		if got := w.mtu(id); got != want {
			t.Errorf("the NIC of VM %d has an MTU of %q, want %q", id, got, want)
		}
	}
	w.recoverNet(network.RecoverRetry)
	w.expectLists(t, "tried again", one.VNetReady, lists{network.Updating: {second}})
	w.settle(second, nil, nil)
	w.expectLists(t, "after recover", one.VNetReady, lists{})
}

// A network that changes during an update is updated again afterwards.
func TestUpdateOfANetworkDuringAnUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running(nicOfNet)
	w.updateNet("MTU=9000")
	w.updateNet("MTU=1400")
	w.expectLists(t, "changed twice", one.VNetReady, lists{network.Outdated: {id}})
	w.settle(id, nil, nil)
	w.expectLists(t, "after the first update", one.VNetReady, lists{network.Updating: {id}})
	w.settle(id, nil, nil)
	w.expectLists(t, "after both updates", one.VNetReady, lists{})
	if got := w.mtu(id); got != "1400" {
		t.Errorf("the NIC has an MTU of %q", got)
	}
}

// The driver gets all earlier versions of a network until it has removed them, even if the
// network changes several times before an update succeeds.
func TestNICsBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running(nicOfNet)
	expect := func(when string, want ...string) {
		t.Helper()
		text, told := w.vm(id).Doing[ArgBefore]
		before, err := NICsBefore(w.vm(id).NIC(0), text)
		var got []string
		for _, nic := range before {
			got = append(got, nic.Get("PHYDEV")+" "+nic.Get("VLAN_ID"))
		}
		if diff := cmp.Diff(want, got); diff != "" || !told || err != nil {
			t.Errorf("%s: earlier PHYDEV and VLAN_ID (in Doing: %v, error: %v; -want +got)\n%s", when, told, err, diff)
		}
	}
	w.updateNet("PHYDEV=eth0")
	expect("the first", " ")
	w.settle(id, nil, nil)
	w.updateNet("PHYDEV=eth1")
	expect("another", "eth0 ")
	w.settle(id, nil, errors.New("no such device"))
	w.updateNet("PHYDEV=eth2\nVLAN_ID=5")
	expect("and another", "eth1 ", "eth0 ")
	w.settle(id, nil, errors.New("no such device"))
	w.updateNet("VLAN_ID=6")
	expect("a VLAN", "eth2 5", "eth1 ", "eth0 ")
	w.settle(id, nil, nil)
	w.updateNet("MTU=9000")
	if _, told := w.vm(id).Doing[ArgBefore]; told {
		t.Error("the host still gets earlier versions after it removed them")
	}
	w.settle(id, nil, nil)
	w.expectLists(t, "after the last update", one.VNetReady, lists{})
}

// An attribute that the NIC overrides does not change it, so that its host is not updated again.
func TestOverriddenAttributesAreNotUpdated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0,MTU=1280]")
	w.updateNet("INBOUND_AVG_BW=7")
	w.updateNet("MTU=9000")
	w.settle(id, nil, nil)
	w.expectLists(t, "after the first update", one.VNetReady, lists{})
	if got := w.vm(id).Status().String(); got != "RUNNING" {
		t.Errorf("the VM is %s", got)
	}
}

// A VM whose NICs cannot be updated now is listed as failed. The next change updates it
// completely.
func TestUpdateOfAVMWhoseNICsAreChanging(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running(nicOfNet)
	w.must(func(tx *store.Tx) error { return AttachNIC(tx, w.s, alice, id, template("NIC=[NETWORK_ID=0]")) })
	w.updateNet("MTU=9000")
	w.expectLists(t, "while a NIC is attached", one.VNetReady, lists{network.Failed: {id}})
	w.run(id)
	w.updateNet("INBOUND_AVG_BW=7")
	w.run(id)
	w.expectLists(t, "changed again", one.VNetReady, lists{})
	if nic := w.vm(id).NIC(0); nic.Get("MTU") != "9000" || nic.Get("INBOUND_AVG_BW") != "7" {
		t.Errorf("the NIC is %v", nic)
	}
}

// UPDATE_FAILURE ends with the last VM whose update failed, and the end of a VM does not keep
// others waiting.
func TestUpdateFailureEndsWithItsVM(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.running(nicOfNet), w.running(nicOfNet)
	w.updateNet("MTU=9000")
	w.must(func(tx *store.Tx) error { return Recover(tx, w.s, oneadmin, first, lifecycle.RecoverDelete) })
	w.expectLists(t, "deleted during the update", one.VNetUpdateFailure, lists{network.Failed: {first}, network.Updating: {second}})
	w.run(first)
	w.expectLists(t, "after its end", one.VNetReady, lists{network.Updating: {second}})
	w.run(second)
	w.expectLists(t, "after the second update", one.VNetReady, lists{})
}

// A change of an address range updates the NICs with leases of that range only.
func TestUpdateOfAnAddressRange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(func(tx *store.Tx) error {
		return network.AddAR(tx, w.s.Network, oneadmin, 0, template("AR=[TYPE=IP4,IP=10.0.0.1,SIZE=4]"))
	})
	other, id := w.running(nicOfNet), w.running("CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0,IP=10.0.0.2]")
	w.must(func(tx *store.Tx) error {
		if err := network.UpdateAR(tx, w.s.Network, oneadmin, 0, template("AR=[AR_ID=1,MTU=1450]")); err != nil {
			return err
		}
		return Follow(tx, w.s, 0)
	})
	w.expectLists(t, "updated", one.VNetReady, lists{network.Updating: {id}})
	w.run(id)
	if w.mtu(id) != "1450" || w.mtu(other) != "" {
		t.Errorf("MTUs: %q in the range, %q outside", w.mtu(id), w.mtu(other))
	}
}

// The network changes at random, while VMs start, end and fail and the server crashes. Each VM
// must be on one list only, and none may be waiting when all effects have ended.
func TestEachVMIsInOneList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := openWorld(t)
		defer func() { w.store.Close() }()
		for range rapid.IntRange(2, 5).Draw(t, "vms") {
			w.running(nicOfNet)
		}
		acts := map[string]func(id int){
			"update": func(int) { w.updateNet("MTU=" + rapid.SampledFrom([]string{"1400", "9000"}).Draw(t, "mtu")) },
			"recover": func(int) {
				w.try(t, func(tx *store.Tx) error {
					if err := network.Recover(tx, 0, rapid.IntRange(0, 3).Draw(t, "operation")); err != nil {
						return err
					}
					return Follow(tx, w.s, 0)
				})
			},
			"crash":     func(int) { w.crash() },
			"end well":  func(id int) { w.settle(id, nil, nil) },
			"end badly": func(id int) { w.settle(id, nil, errors.New("the driver refused")) },
			"detach":    func(id int) { w.try(t, func(tx *store.Tx) error { return DetachNIC(tx, w.s, alice, id, 0) }) },
			"power off": func(id int) { w.try(t, func(tx *store.Tx) error { return Act(tx, w.s, alice, id, "poweroff") }) },
			"delete": func(id int) {
				w.try(t, func(tx *store.Tx) error { return Recover(tx, w.s, oneadmin, id, lifecycle.RecoverDelete) })
			},
		}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			act := rapid.SampledFrom(slices.Sorted(maps.Keys(acts))).Draw(t, "act")
			acts[act](rapid.IntRange(0, Kind.Table.Len(w.store.Read())-1).Draw(t, "vm"))
			w.audit()
		}
		for range 3 { // an effect that ends may queue another one
			for id := range Kind.Table.Len(w.store.Read()) {
				w.run(id)
			}
		}
		w.audit()
		if left := w.lists(); left[network.Outdated] != nil || left[network.Updating] != nil {
			t.Fatalf("all effects have ended, but VMs are waiting: %v", left)
		}
	})
}

// FLOATING_ONLY NICs have no lease, but their VMs belong to the network all the same.
func TestUpdateOfFloatingOnlyNICs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const floating = "CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0,FLOATING_IP=YES,FLOATING_ONLY=YES]"
	waiting, running := w.allocate(floating, true), w.running(floating)
	in := func(want ...int) {
		t.Helper()
		n, _ := network.Kind.Get(w.store.Read(), 0)
		if diff := cmp.Diff(want, network.VMs(w.store.Read(), n)); diff != "" {
			t.Errorf("VMs in the network (-want +got):\n%s", diff)
		}
		w.audit()
	}
	in(waiting, running)
	w.updateNet("MTU=9000")
	if w.mtu(waiting) != "9000" || w.mtu(running) != "9000" {
		t.Errorf("MTU is %q and %q", w.mtu(waiting), w.mtu(running))
	}
	w.settle(running, nil, nil)
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, alice, waiting, "terminate-hard") })
	in(running)
	w.must(func(tx *store.Tx) error { return DetachNIC(tx, w.s, alice, running, 0) })
	w.settle(running, nil, nil)
	in()
}

func TestContextIsUpdatedAtBoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate(nicOfNet+"\nCONTEXT=[NETWORK=YES]", true)
	domain := func(want string) {
		t.Helper()
		if got := w.vm(id).Template.Vector("CONTEXT").Get("ETH0_SEARCH_DOMAIN"); got != want {
			t.Errorf("the SEARCH_DOMAIN in the context is %q; want %q", got, want)
		}
	}
	w.updateNet("SEARCH_DOMAIN=lab.example")
	domain("")
	w.must(func(tx *store.Tx) error { return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: 0, DSID: -1}) })
	w.run(id)
	domain("lab.example")
}
