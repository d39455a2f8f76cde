// Package numa is where the CPUs and the memory of a host lie, and who has
// which of them: a pure calculation that the host's books, the placement and
// the drivers share.
package numa

import "slices"

// Node is a NUMA node of a host as monitoring sees it.
type Node struct {
	ID        int         `cbor:"1,keyasint"`
	Cores     []Core      `cbor:"2,keyasint,omitempty"` // by ID
	Pages     []Hugepages `cbor:"3,keyasint,omitempty"` // by size
	MemoryKiB int64       `cbor:"4,keyasint"`
	Distance  []int       `cbor:"5,keyasint,omitempty"` // all nodes, the nearest first
}

// Core is a core with the CPUs (hardware threads) that it has.
type Core struct {
	ID   int   `cbor:"1,keyasint"`
	CPUs []int `cbor:"2,keyasint"` // ascending
}

// Hugepages is how many pages of a size a node has.
type Hugepages struct {
	SizeKiB int64 `cbor:"1,keyasint"`
	Count   int64 `cbor:"2,keyasint"`
}

// Topology is the nodes of a host and what VMs have of them. What is used is
// not kept: it is the sum of the claims, so that it cannot drift.
type Topology struct {
	Nodes     []Node  `cbor:"1,keyasint,omitempty"` // by ID
	Claims    []Claim `cbor:"2,keyasint,omitempty"` // by VM
	Reserved  []int   `cbor:"3,keyasint,omitempty"` // CPUs that no VM gets
	PerThread int     `cbor:"4,keyasint,omitempty"` // VMs that may share a CPU; 0 is 1
}

// Claim is what a VM has.
type Claim struct {
	VM   int    `cbor:"1,keyasint"`
	For  Wish   `cbor:"2,keyasint"` // what it was given for
	Has  []Part `cbor:"3,keyasint"` // for each node of the wish
	Cuts int    `cbor:"4,keyasint"` // threads of each of its cores; 0 where it is not pinned
}

// Part is what a node of a VM has: CPUs of one node, and memory of one.
type Part struct {
	Node   int   `cbor:"1,keyasint"`
	Memory int   `cbor:"2,keyasint"`
	CPUs   []int `cbor:"3,keyasint"`
}

// Empty tells that a host has no nodes, or that nothing is known of them.
func (t *Topology) Empty() bool { return len(t.Nodes) == 0 }

// Clone answers a copy that can be changed.
func (t *Topology) Clone() Topology {
	c := *t
	c.Nodes, c.Claims, c.Reserved = slices.Clone(t.Nodes), slices.Clone(t.Claims), slices.Clone(t.Reserved)
	for i := range c.Nodes {
		c.Nodes[i].detach()
	}
	for i := range c.Claims {
		c.Claims[i].detach()
	}
	return c
}

// detach gives a copied node lists of its own.
func (n *Node) detach() {
	n.Cores, n.Pages, n.Distance = slices.Clone(n.Cores), slices.Clone(n.Pages), slices.Clone(n.Distance)
	for i := range n.Cores {
		n.Cores[i].CPUs = slices.Clone(n.Cores[i].CPUs)
	}
}

// detach gives a copied claim lists of its own.
func (c *Claim) detach() {
	c.For.Nodes, c.For.Near, c.Has = slices.Clone(c.For.Nodes), slices.Clone(c.For.Near), slices.Clone(c.Has)
	for i := range c.Has {
		c.Has[i].CPUs = slices.Clone(c.Has[i].CPUs)
	}
}

// Of answers what a VM has, or nil.
func (t *Topology) Of(vm int) *Claim {
	if i, found := t.find(vm); found {
		return &t.Claims[i]
	}
	return nil
}

func (t *Topology) find(vm int) (int, bool) {
	return slices.BinarySearchFunc(t.Claims, vm, func(c Claim, vm int) int { return c.VM - vm })
}

// Free takes back what a VM has, and tells whether that was anything.
func (t *Topology) Free(vm int) bool {
	i, found := t.find(vm)
	if found {
		t.Claims = slices.Delete(t.Claims, i, i+1)
	}
	return found
}

// Give has a VM hold what its wish needs, if there is that much; what it holds
// already for the same wish stays.
func (t *Topology) Give(vm int, w Wish) (c *Claim, ok bool) {
	if c = t.Of(vm); c != nil && c.For.Equal(w) {
		return c, true
	}
	rest := t.Clone()
	rest.Free(vm)
	given, ok := rest.place(vm, w)
	if !ok {
		return nil, false
	}
	i, _ := rest.find(vm)
	rest.Claims = slices.Insert(rest.Claims, i, given)
	*t = rest
	return &t.Claims[i], true
}

// Fits tells whether a VM could be given what its wish needs.
func (t *Topology) Fits(vm int, w Wish) bool {
	c := t.Clone()
	_, ok := c.Give(vm, w)
	return ok
}
