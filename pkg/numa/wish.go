package numa

import (
	"slices"
	"strings"
)

// Policy is how the CPUs of a VM are bound to those of its host.
type Policy uint8

// The values of TOPOLOGY/PIN_POLICY.
const (
	PinNone   Policy = iota
	PinCore          // each to a core that it has for itself
	PinThread        // each to a hardware thread
	PinShared        // all to the same set of hardware threads
)

// ParsePolicy reads a policy. What is none of them binds nothing.
func ParsePolicy(text string) Policy {
	switch strings.ToUpper(text) {
	case "CORE":
		return PinCore
	case "THREAD":
		return PinThread
	case "SHARED":
		return PinShared
	}
	return PinNone
}

// Anywhere is the affinity of a VM to no node.
const Anywhere = -1

// Wish is what a VM wants of the nodes of its host.
type Wish struct {
	Policy   Policy `cbor:"1,keyasint"`
	Affinity int    `cbor:"2,keyasint"` // the node that it is to be on, or Anywhere
	PageKiB  int64  `cbor:"3,keyasint"` // the size of its hugepages; 0 for none
	Threads  int    `cbor:"4,keyasint"` // of each of its cores; 0 is any
	Nodes    []Need `cbor:"5,keyasint"` // its own nodes
	Near     []int  `cbor:"6,keyasint"` // host nodes where it has devices
}

// Need is what one node of a VM takes.
type Need struct {
	CPUs      int   `cbor:"1,keyasint"`
	MemoryKiB int64 `cbor:"2,keyasint"`
}

// Nothing tells whether any host will do, whatever nodes it has.
func (w *Wish) Nothing() bool {
	return len(w.Nodes) == 0 || w.Policy == PinNone && w.Affinity == Anywhere && w.PageKiB == 0
}

// Equal tells whether two wishes are met by the same. How many threads a core
// has is not asked: the host of the claim has answered it.
func (w *Wish) Equal(o Wish) bool {
	return w.Policy == o.Policy && w.Affinity == o.Affinity && w.PageKiB == o.PageKiB && slices.Equal(w.Nodes, o.Nodes)
}

// whole is the memory of all nodes.
func (w *Wish) whole() (kib int64) {
	for _, n := range w.Nodes {
		kib += n.MemoryKiB
	}
	return kib
}

// threads lists how many threads the cores of the VM may have where those of
// the host have most, the best first: powers of two that divide each node. A VM
// that asks for a number gets that or nothing.
func (w *Wish) threads(most int) (list []int) {
	if w.Policy == PinCore {
		return []int{1}
	}
	if w.Threads > 0 {
		most = min(most, w.Threads)
	}
	for n := 1; n <= most; n *= 2 {
		divides := !slices.ContainsFunc(w.Nodes, func(node Need) bool { return node.CPUs%n != 0 })
		if divides && (w.Threads == 0 || w.Threads == n) {
			list = append(list, n)
		}
	}
	slices.Reverse(list)
	return list
}
