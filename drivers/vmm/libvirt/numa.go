package libvirt

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/pkg/numa"
)

// readNodes reads the NUMA nodes of a host from libvirt's capabilities.
func readNodes(capabilities string) ([]numa.Node, error) {
	var caps libvirtxml.Caps
	if err := caps.Unmarshal(capabilities); err != nil {
		return nil, fmt.Errorf("reading the host's capabilities: %w", err)
	}
	if caps.Host.NUMA == nil || caps.Host.NUMA.Cells == nil {
		return nil, nil
	}
	var nodes []numa.Node
	for i := range caps.Host.NUMA.Cells.Cells {
		cell := &caps.Host.NUMA.Cells.Cells[i]
		n := numa.Node{ID: cell.ID, Cores: coresOf(cell), Pages: pagesOf(cell), Distance: distancesOf(cell)}
		if cell.Memory != nil {
			n.MemoryKiB = int64(cell.Memory.Size)
		}
		nodes = append(nodes, n)
	}
	return nodes, nil
}

// meter is the part of a libvirt connection that reports the usage of nodes.
type meter interface {
	GetMemoryStats(node int, flags uint32) (*lv.NodeMemoryStats, error)
	GetFreePages(sizesKiB []uint64, first int, nodes uint, flags uint32) ([]uint64, error)
}

// loadOf answers the usage of each node. Nodes without data are omitted.
func loadOf(c meter, nodes []numa.Node) (list []numa.Load) {
	for i := range nodes {
		m, err := c.GetMemoryStats(nodes[i].ID, 0)
		if err != nil || !m.TotalSet || !m.FreeSet {
			continue
		}
		load := numa.Load{NodeID: nodes[i].ID, FreeKiB: int64(m.Free), UsedKiB: int64(m.Total - min(m.Total, m.Free))}
		for _, p := range nodes[i].Pages {
			if free, err := c.GetFreePages([]uint64{uint64(p.SizeKiB)}, nodes[i].ID, 1, 0); err == nil && len(free) == 1 {
				load.Pages = append(load.Pages, numa.FreePages{SizeKiB: p.SizeKiB, Free: int64(free[0])})
			}
		}
		list = append(list, load)
	}
	return list
}

// coresOf groups CPUs that are threads of one core. Core IDs are unique in a socket only: if a
// node has two cores with the same ID, the later one gets another.
func coresOf(cell *libvirtxml.CapsHostNUMACell) (cores []numa.Core) {
	if cell.CPUS == nil {
		return nil
	}
	done, taken := map[int]bool{}, map[int]bool{}
	for _, cpu := range cell.CPUS.CPUs {
		if done[cpu.ID] {
			continue
		}
		core := numa.Core{ID: cpu.ID, CPUs: cpusIn(cpu.Siblings)}
		if !slices.Contains(core.CPUs, cpu.ID) {
			core.CPUs = []int{cpu.ID}
		}
		if cpu.CoreID != nil {
			core.ID = *cpu.CoreID
		}
		for taken[core.ID] {
			core.ID++
		}
		taken[core.ID] = true
		for _, id := range core.CPUs {
			done[id] = true
		}
		cores = append(cores, core)
	}
	slices.SortFunc(cores, func(a, b numa.Core) int { return a.ID - b.ID })
	return cores
}

// cpusIn parses a set of CPUs such as 0-1,8.
func cpusIn(set string) (cpus []int) {
	for part := range strings.SplitSeq(set, ",") {
		from, to, isRange := strings.Cut(part, "-")
		first, err := strconv.Atoi(from)
		last := first
		if err == nil && isRange {
			last, err = strconv.Atoi(to)
		}
		if err != nil {
			return nil
		}
		for id := first; id <= last; id++ {
			cpus = append(cpus, id)
		}
	}
	slices.Sort(cpus)
	return cpus
}

// pagesOf lists the sizes of hugepages: all but the smallest, which is that of normal pages.
func pagesOf(cell *libvirtxml.CapsHostNUMACell) (pages []numa.Hugepages) {
	for _, p := range cell.PageInfo {
		pages = append(pages, numa.Hugepages{SizeKiB: int64(p.Size), Count: int64(p.Count)})
	}
	slices.SortFunc(pages, func(a, b numa.Hugepages) int { return cmp.Compare(a.SizeKiB, b.SizeKiB) })
	if len(pages) > 0 {
		pages = pages[1:]
	}
	if len(pages) == 0 {
		return nil
	}
	return pages
}

// distancesOf lists all nodes from the nearest, the cell itself, to the farthest.
func distancesOf(cell *libvirtxml.CapsHostNUMACell) (ids []int) {
	if cell.Distances == nil {
		return nil
	}
	siblings := slices.Clone(cell.Distances.Siblings)
	slices.SortStableFunc(siblings, func(a, b libvirtxml.CapsHostNUMASibling) int { return a.Value - b.Value })
	for _, s := range siblings {
		ids = append(ids, s.ID)
	}
	return ids
}
