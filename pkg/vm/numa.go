package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/numa"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// NUMAWish is what a VM requests of the NUMA nodes of its host.
func NUMAWish(v *VM) numa.Wish {
	w := numa.Wish{Affinity: numa.Anywhere}
	topology := v.Template.Vector("TOPOLOGY")
	if topology == nil {
		return w
	}
	w.Policy = numa.ParsePolicy(topology.Get("PIN_POLICY"))
	if n, ok := topology.Int("NODE_AFFINITY"); ok {
		w.Affinity = n
	}
	pages, _ := topology.Int("HUGEPAGE_SIZE")
	w.PageKiB = int64(pages) * 1024
	w.Threads, _ = topology.Int("THREADS")
	for _, n := range nodesOf(v) {
		cpus, _ := n.Int("TOTAL_CPUS")
		memory, _ := n.Int("MEMORY")
		w.Nodes = append(w.Nodes, numa.Need{CPUs: cpus, MemoryKiB: int64(memory)})
	}
	for _, pci := range v.PCIs() {
		if n, ok := pci.Int("NUMA_NODE"); ok && n >= 0 {
			w.Near = append(w.Near, n)
		}
	}
	return w
}

// nodesOf lists the NUMA nodes of a VM that have CPUs.
func nodesOf(v *VM) []*attr.Attr {
	return slices.DeleteFunc(v.Template.Vectors("NUMA_NODE"), func(n *attr.Attr) bool {
		cpus, _ := n.Int("TOTAL_CPUS")
		return cpus == 0
	})
}

// settleNUMA assigns CPUs and memory on the NUMA nodes of the VM's hosts, and frees those on
// hosts that it has left. NUMA_NODE shows the assignment on the newest host. A request is refused
// if its change does not fit; other changes have already happened and are stored even if the host
// has no free CPUs.
func settleNUMA(tx *store.Tx, was, v *VM, by limits) error {
	wish := NUMAWish(v)
	before, after := hostsOf(was), hostsOf(v)
	if wish.Nothing() && (was == nil || len(nodesOf(was)) == 0) {
		return nil
	}
	for _, id := range before {
		if !slices.Contains(after, id) {
			host.FreeNUMA(tx, id, v.ID)
		}
	}
	for n, id := range after {
		claim, err := host.AssignNUMA(tx, id, v.ID, wish)
		switch {
		case err != nil && by == checked && changesNodes(was, before, wish, id):
			return err
		case err == nil && n == 0 && claim != nil:
			writeNodes(v, claim)
		}
	}
	return nil
}

func changesNodes(was *VM, before []int, w numa.Wish, id int) bool {
	if !slices.Contains(before, id) {
		return true
	}
	old := NUMAWish(was)
	return !old.Equal(w)
}

// writeNodes writes the assigned CPUs and nodes to NUMA_NODE. For pinned VMs it also sets THREADS
// and CORES to the threads per core that the host could provide.
func writeNodes(v *VM, c *numa.Claim) {
	for i, n := range nodesOf(v) {
		part := c.Has[i]
		n.Set("NODE_ID", decimal(part.Node))
		n.Set("MEMORY_NODE_ID", decimal(part.Memory))
		n.Set("CPUS", joinIDs(part.CPUs))
	}
	topology := v.Template.Vector("TOPOLOGY")
	if c.For.Policy == numa.PinNone || c.Cuts == 0 {
		return
	}
	sockets, _ := topology.Int("SOCKETS")
	topology.Set("THREADS", decimal(c.Cuts))
	topology.Set("CORES", decimal(v.VCPU()/(c.Cuts*max(sockets, 1))))
}

// matchesClaim tells whether the CPUs in NUMA_NODE are those that the host has assigned.
func matchesClaim(v *VM, c *numa.Claim) bool {
	nodes := nodesOf(v)
	if len(nodes) != len(c.Has) {
		return false
	}
	for i, n := range nodes {
		if n.Get("CPUS") != joinIDs(c.Has[i].CPUs) {
			return false
		}
	}
	return true
}
