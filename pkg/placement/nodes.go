package placement

import (
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/numa"
)

// spacious tells whether the NUMA nodes of a host have what a VM wishes of them.
func (h *seat) spacious(v *VM) bool { return v.NUMA.Nothing() || h.NUMA.Fits(v.ID, v.NUMA) }

// cramped says what the nodes of a host lack for a VM.
func (h *seat) cramped(v *VM) string {
	cpus := 0
	for _, n := range v.NUMA.Nodes {
		cpus += n.CPUs
	}
	switch {
	case h.NUMA.Empty():
		return "nothing is known of its NUMA nodes, on which the VM wants to be"
	case v.NUMA.Policy == numa.PinNone:
		return "no NUMA node with the free memory or hugepages that the VM wants"
	}
	return fmt.Sprintf("its NUMA nodes lack %d free CPUs, with memory, that the VM can be pinned to", cpus)
}
