package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/numa"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// NUMAWish is what a VM wants of the nodes of its host.
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

// nodesOf are the nodes of a VM that take anything.
func nodesOf(v *VM) []*attr.Attr {
	return slices.DeleteFunc(v.Template.Vectors("NUMA_NODE"), func(n *attr.Attr) bool {
		cpus, _ := n.Int("TOTAL_CPUS")
		return cpus == 0
	})
}

// settleNUMA takes CPUs and memory of the nodes of the hosts that hold the VM,
// and gives those of the others back. The VM says what it has where it is, or
// comes to. What happened must be noted whatever the nodes of the host: only
// what somebody asks for is refused, and only where it changes something.
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
			tellNodes(v, claim)
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

// tellNodes says in a VM which CPUs and whose memory it has. The cores of one
// that is bound have as many threads as the host could give them.
func tellNodes(v *VM, c *numa.Claim) {
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

// matchesClaim tells whether a VM tells of itself what its host does.
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
