package vm

import (
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/numa"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// withNodes gives each host two NUMA nodes of two cores with two threads.
func withNodes(w *world) {
	var nodes []numa.Node
	for id := range 2 {
		n := numa.Node{ID: id, MemoryKiB: 8 << 20, Distance: []int{id, 1 - id}, Pages: []numa.Hugepages{{SizeKiB: 2048, Count: 100}}}
		for core := range 2 {
			n.Cores = append(n.Cores, numa.Core{ID: core, CPUs: []int{4*id + 2*core, 4*id + 2*core + 1}})
		}
		nodes = append(nodes, n)
	}
	w.must(func(tx *store.Tx) error {
		for id := range 2 {
			host.Seen(tx, id, drivers.HostReport{TotalCPU: 800, TotalMemoryKiB: 16 << 20, NUMA: nodes})
		}
		return nil
	})
}

// A pinned VM has CPUs on its host, gets others when it migrates, and shows those that its host
// has assigned.
func TestCPUsOfPinnedVMs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	withNodes(w)
	check := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
		w.audit()
	}
	refused := func(what, want string, fn func(tx *store.Tx) error) {
		t.Helper()
		err := w.update(fn)
		if err == nil {
			t.Fatalf("%s: not refused", what)
		}
		check(what, err.Error(), want)
	}
	const pinned = "CPU=0.1\nVCPU=2\nMEMORY=64\nTOPOLOGY=[PIN_POLICY="
	a := w.running(pinned + "THREAD]")
	node := func(id int, key string) string { return w.vm(id).Template.Vectors("NUMA_NODE")[0].Get(key) }
	check("CPUs of two threads", node(a, "CPUS"), "4,5")
	check("threads", w.vm(a).Template.Vector("TOPOLOGY").Get("THREADS"), "2")
	check("CPU", w.vm(a).Template.Get("CPU"), "2")
	b := w.running(pinned + "CORE]")
	check("CPUs of two cores", node(b, "CPUS"), "0,2")
	c := w.allocate(pinned+"CORE]", false)
	refused("one core is left", "virtual machine [2] does not fit in host [0]. Cannot allocate NUMA topology", func(tx *store.Tx) error {
		return Deploy(tx, w.s, oneadmin, c, Deployment{HostID: 0, DSID: -1})
	})
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, alice, b, "poweroff-hard") })
	w.run(b)
	check("a VM that is off keeps them", node(b, "CPUS"), "0,2")
	refused("room for no more", "Cannot allocate NUMA topology", func(tx *store.Tx) error {
		return Resize(tx, w.s, oneadmin, b, template("VCPU=4"), true)
	})
	w.must(func(tx *store.Tx) error { return Resize(tx, w.s, oneadmin, b, template("VCPU=1"), true) })
	w.run(b)
	check("a smaller one", node(b, "CPUS"), "0")
	w.must(func(tx *store.Tx) error { return Migrate(tx, w.s, oneadmin, b, Migration{HostID: 1, DSID: -1}) })
	w.run(b)
	check("on the other host", node(b, "CPUS")+" of "+node(b, "NODE_ID"), "4 of 1")
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, alice, a, "terminate-hard") })
	w.run(a)
	h, err := host.Kind.Get(w.store.Read(), 0)
	if err != nil || len(h.NUMA.Claims) != 0 {
		t.Errorf("claims left on host 0: %+v, %v", h.NUMA.Claims, err)
	}
}

// With NODE_AFFINITY a VM has memory and hugepages of that node, and may run on all of its CPUs, none of which is reserved.
func TestNodeAffinity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	withNodes(w)
	id := w.running("CPU=1\nMEMORY=128\nTOPOLOGY=[NODE_AFFINITY=1,HUGEPAGE_SIZE=2]")
	node := w.vm(id).Template.Vectors("NUMA_NODE")[0]
	if node.Get("CPUS") != "4,5,6,7" || node.Get("MEMORY_NODE_ID") != "1" {
		t.Errorf("NUMA_NODE is %+v", node)
	}
	h, err := host.Kind.Get(w.store.Read(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if use := h.NUMA.Use(); use.MemoryKiB(1) != 128<<10 || use.Pages(1, 2048) != 64 || len(use.VMs(4)) != 0 {
		t.Errorf("the host has assigned %+v", h.NUMA.Claims)
	}
	w.audit()
}
