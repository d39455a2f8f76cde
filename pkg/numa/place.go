package numa

import (
	"cmp"
	"slices"
)

// place finds what a VM needs among what is left.
func (t *Topology) place(vm int, w Wish) (c Claim, ok bool) {
	c = Claim{VM: vm, For: w}
	if w.Policy == PinNone || w.Affinity != Anywhere {
		ok = t.onNode(&c, func(n *Node, u *Use) bool {
			return (w.Affinity == Anywhere || n.ID == w.Affinity) && u.holds(n, w.whole(), w.PageKiB)
		})
		return c, ok
	}
	for _, threads := range w.threads(t.threadsPerCore()) {
		if c.Cuts = threads; t.pin(&c) {
			return c, true
		}
	}
	return c, false
}

// onNode puts all of a VM on the node with the most hugepages left of those
// that will do. It may run on each CPU of that, and is bound to none.
func (t *Topology) onNode(c *Claim, will func(*Node, *Use) bool) bool {
	u := t.Use()
	var best *Node
	left := func(n *Node) int64 { return n.pages(c.For.PageKiB) - u.Pages(n.ID, c.For.PageKiB) }
	for i := range t.Nodes {
		if n := &t.Nodes[i]; will(n, u) && (best == nil || left(n) > left(best)) {
			best = n
		}
	}
	if best == nil {
		return false
	}
	for range c.For.Nodes {
		c.Has = append(c.Has, Part{Node: best.ID, Memory: best.ID, CPUs: u.usable(best)})
	}
	return true
}

// usable lists the CPUs of a node that VMs may run on.
func (u *Use) usable(n *Node) (cpus []int) {
	for _, core := range n.Cores {
		for _, cpu := range core.CPUs {
			if !slices.Contains(u.t.Reserved, cpu) {
				cpus = append(cpus, cpu)
			}
		}
	}
	return cpus
}

// threadsPerCore is that of the first core: hosts are even.
func (t *Topology) threadsPerCore() int {
	for _, n := range t.Nodes {
		for _, core := range n.Cores {
			return len(core.CPUs)
		}
	}
	return 0
}

// pin finds CPUs for each node of a VM, in cores of as many threads as the
// claim says, and memory as near to them as there is.
func (t *Topology) pin(c *Claim) bool {
	u := t.Use()
	c.Has = nil
	for i, need := range c.For.Nodes {
		part, ok := u.seat(c, i, need)
		if !ok {
			return false
		}
		c.Has = append(c.Has, part)
		u.add(c.VM, &c.For, need, part)
	}
	return true
}

// seat finds a place for one node of a VM. The nodes of the host are tried
// for memory in rounds: first each with its own, then with the next one to it.
func (u *Use) seat(c *Claim, index int, need Need) (Part, bool) {
	nodes := u.roomy(c, index, need)
	for hop := range u.t.Nodes {
		for _, n := range nodes {
			memory := u.t.neighbour(n, hop)
			if memory == nil || !u.holds(memory, need.MemoryKiB, c.For.PageKiB) {
				continue
			}
			return Part{Node: n.ID, Memory: memory.ID, CPUs: u.pick(n, c, need.CPUs)}, true
		}
	}
	return Part{}, false
}

// roomy lists the nodes with enough CPUs, that of the VM's devices first, and
// then those of which the greatest part stays free.
func (u *Use) roomy(c *Claim, index int, need Need) (list []*Node) {
	left := map[int]float64{}
	for i := range u.t.Nodes {
		n := &u.t.Nodes[i]
		if len(u.pick(n, c, need.CPUs)) < need.CPUs {
			continue
		}
		if free := u.room(n, c); free > 0 {
			left[n.ID] = 1 - float64(need.CPUs)/float64(free)
		}
		if n.ID == index && slices.Contains(c.For.Near, index) {
			left[n.ID]++
		}
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b *Node) int {
		return cmp.Or(cmp.Compare(left[b.ID], left[a.ID]), cmp.Compare(b.ID, a.ID))
	})
	return list
}

// room is how many CPUs a VM could have of a node.
func (u *Use) room(n *Node, c *Claim) (cpus int) {
	for i := range n.Cores {
		switch core := &n.Cores[i]; {
		case c.For.Policy != PinCore:
			cpus += u.Free(core) / c.Cuts * c.Cuts
		case u.untouched(core):
			cpus++
		}
	}
	return cpus
}

// pick chooses CPUs of a node: one of each core that nobody uses, or else as
// many of each core as make whole cores of the VM. It answers fewer than are
// wanted where there are no more.
func (u *Use) pick(n *Node, c *Claim, want int) (cpus []int) {
	for i := range n.Cores {
		core, most := &n.Cores[i], 0
		switch {
		case c.For.Policy != PinCore:
			most = u.Free(core) / c.Cuts * c.Cuts
		case u.untouched(core):
			most = 1
		}
		for _, cpu := range core.CPUs {
			if most == 0 || len(cpus) == want {
				break
			}
			if !u.Reserved(cpu) && len(u.cpus[cpu]) < u.t.perThread() {
				cpus = append(cpus, cpu)
				most--
			}
		}
	}
	return cpus
}

// neighbour is the node that is a number of hops away from another; 0 is
// itself. A host that tells no distances has all equally far.
func (t *Topology) neighbour(n *Node, hop int) *Node {
	id := -1
	switch {
	case hop < len(n.Distance):
		id = n.Distance[hop]
	case len(n.Distance) == 0 && hop == 0:
		return n
	case len(n.Distance) == 0:
		id = t.Nodes[hop].ID
	}
	for i := range t.Nodes {
		if t.Nodes[i].ID == id {
			return &t.Nodes[i]
		}
	}
	return nil
}
