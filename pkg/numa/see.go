package numa

import "slices"

// See takes in the nodes that monitoring saw. A host that tells of none any
// more keeps those it had: VMs are bound to them.
func (t *Topology) See(nodes []Node) {
	if len(nodes) == 0 {
		return
	}
	t.Nodes = slices.Clone(nodes)
	slices.SortFunc(t.Nodes, func(a, b Node) int { return a.ID - b.ID })
}

// Equal tells whether two topologies say the same.
func (t *Topology) Equal(o *Topology) bool {
	return t.Like(o) && slices.EqualFunc(t.Claims, o.Claims, sameClaim)
}

// Like tells whether two topologies have the same to give, when nothing is given.
func (t *Topology) Like(o *Topology) bool {
	return t.PerThread == o.PerThread && slices.Equal(t.Reserved, o.Reserved) && slices.EqualFunc(t.Nodes, o.Nodes, sameNode)
}

func sameNode(a, b Node) bool {
	sameCore := func(a, b Core) bool { return a.ID == b.ID && slices.Equal(a.CPUs, b.CPUs) }
	return a.ID == b.ID && a.MemoryKiB == b.MemoryKiB && slices.Equal(a.Pages, b.Pages) &&
		slices.Equal(a.Distance, b.Distance) && slices.EqualFunc(a.Cores, b.Cores, sameCore)
}

func sameClaim(a, b Claim) bool {
	samePart := func(a, b Part) bool {
		return a.Node == b.Node && a.Memory == b.Memory && slices.Equal(a.CPUs, b.CPUs)
	}
	return a.VM == b.VM && a.For.Equal(b.For) && a.Cuts == b.Cuts && slices.EqualFunc(a.Has, b.Has, samePart)
}
