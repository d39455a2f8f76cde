package numa

import "slices"

// Use is what VMs have of the nodes of a host.
type Use struct {
	t      *Topology
	cpus   map[int][]int // the VMs of each CPU, ascending; a VM may have one twice
	whole  map[int]bool  // CPUs that stand for the whole core
	memory map[int]int64 // KiB by node
	pages  map[page]int64
}

type page struct {
	node int
	size int64
}

// Use adds the claims up.
func (t *Topology) Use() *Use {
	u := &Use{t: t, cpus: map[int][]int{}, whole: map[int]bool{}, memory: map[int]int64{}, pages: map[page]int64{}}
	for i := range t.Claims {
		for n, part := range t.Claims[i].Has {
			u.add(t.Claims[i].VM, &t.Claims[i].For, t.Claims[i].For.Nodes[n], part)
		}
	}
	return u
}

func (u *Use) add(vm int, w *Wish, need Need, part Part) {
	u.memory[part.Memory] += need.MemoryKiB
	if w.PageKiB > 0 {
		u.pages[page{part.Memory, w.PageKiB}] += need.MemoryKiB / w.PageKiB
	}
	if w.Policy == PinNone {
		return
	}
	for _, cpu := range part.CPUs {
		u.cpus[cpu] = append(u.cpus[cpu], vm)
		if w.Policy == PinCore {
			u.whole[cpu] = true
		}
	}
}

// VMs lists who is bound to a CPU.
func (u *Use) VMs(cpu int) []int { return u.cpus[cpu] }

// Reserved tells whether no VM gets a CPU. One that somebody has is left to him.
func (u *Use) Reserved(cpu int) bool {
	return len(u.cpus[cpu]) == 0 && slices.Contains(u.t.Reserved, cpu)
}

// Dedicated tells whether one VM has a core for itself.
func (u *Use) Dedicated(c *Core) bool {
	return slices.ContainsFunc(c.CPUs, func(cpu int) bool { return u.whole[cpu] })
}

// Free is how many CPUs of VMs there is room for on a core.
func (u *Use) Free(c *Core) int {
	if u.Dedicated(c) {
		return 0
	}
	room := 0
	for _, cpu := range c.CPUs {
		if !u.Reserved(cpu) {
			room += u.t.perThread()
		}
		room -= len(u.cpus[cpu])
	}
	return max(room, 0)
}

// untouched tells whether a core can become a VM's own.
func (u *Use) untouched(c *Core) bool {
	usable := false
	for _, cpu := range c.CPUs {
		if len(u.cpus[cpu]) > 0 {
			return false
		}
		usable = usable || !u.Reserved(cpu)
	}
	return usable
}

// MemoryKiB is how much memory of a node is used.
func (u *Use) MemoryKiB(node int) int64 { return u.memory[node] }

// Pages is how many hugepages of a size are used on a node.
func (u *Use) Pages(node int, sizeKiB int64) int64 { return u.pages[page{node, sizeKiB}] }

// holds tells whether a node has that much memory left, in pages where that is
// asked for.
func (u *Use) holds(n *Node, kib, pageKiB int64) bool {
	if n.MemoryKiB-u.memory[n.ID] < kib {
		return false
	}
	if pageKiB == 0 {
		return true
	}
	left := n.pages(pageKiB) - u.Pages(n.ID, pageKiB)
	return left > 0 && left >= kib/pageKiB
}

func (n *Node) pages(sizeKiB int64) int64 {
	for _, p := range n.Pages {
		if p.SizeKiB == sizeKiB {
			return p.Count
		}
	}
	return 0
}

func (t *Topology) perThread() int { return max(t.PerThread, 1) }
