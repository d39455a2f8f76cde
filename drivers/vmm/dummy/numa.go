package dummy

import "github.com/renkei-vpe/renkei/pkg/numa"

// Nodes are the NUMA nodes of a simulated host: their number, and each node's cores and threads
// per core.
type Nodes struct{ Nodes, Cores, Threads int }

// Sizes of simulated hugepages, and which fraction of a node's memory is reserved for them.
const (
	hugepageKiB  = 2048
	hugepagePart = 4
)

// of makes the nodes; the host's memory is divided evenly. CPUs are numbered as on servers: the
// second threads of all cores follow all first ones.
func (s Nodes) of(memoryKiB int64) (list []numa.Node) {
	for id := range s.Nodes {
		n := numa.Node{ID: id, MemoryKiB: memoryKiB / int64(s.Nodes)}
		n.Pages = []numa.Hugepages{{SizeKiB: hugepageKiB, Count: n.MemoryKiB / hugepagePart / hugepageKiB}}
		for hop := range s.Nodes {
			n.Distance = append(n.Distance, (id+hop)%s.Nodes)
		}
		for core := range s.Cores {
			c := numa.Core{ID: core}
			for thread := range s.Threads {
				c.CPUs = append(c.CPUs, (thread*s.Nodes+id)*s.Cores+core)
			}
			n.Cores = append(n.Cores, c)
		}
		list = append(list, n)
	}
	return list
}

// loadOf distributes the host's used memory evenly over its nodes, with all hugepages free.
func loadOf(nodes []numa.Node, usedKiB int64) (list []numa.Load) {
	for i := range nodes {
		n := &nodes[i]
		used := usedKiB / int64(len(nodes))
		load := numa.Load{NodeID: n.ID, UsedKiB: used, FreeKiB: n.MemoryKiB - used}
		for _, p := range n.Pages {
			load.Pages = append(load.Pages, numa.FreePages{SizeKiB: p.SizeKiB, Free: p.Count})
		}
		list = append(list, load)
	}
	return list
}
