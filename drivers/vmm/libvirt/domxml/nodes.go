package domxml

import (
	"strconv"
	"strings"

	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/numa"
)

// nodes adds the VM's NUMA_NODEs: the guest's topology, and the pinning of its CPUs and memory
// on the host.
func (b *build) nodes() {
	nodes := b.vm.Template.Vectors("NUMA_NODE")
	if len(nodes) == 0 || b.dom.CPU == nil {
		return
	}
	b.dom.CPU.Numa = &libvirtxml.DomainNuma{}
	b.dom.NUMATune = &libvirtxml.DomainNUMATune{}
	var cpus, memories []string
	first := uint(0)
	for i, n := range nodes {
		count := b.uint("NUMA_NODE/TOTAL_CPUS", n.Get("TOTAL_CPUS"))
		b.dom.CPU.Numa.Cell = append(b.dom.CPU.Numa.Cell, b.cell(n, uint(i), first, count, len(nodes)))
		if set := n.Get("CPUS"); set != "" && count > 0 {
			b.pin(set, first, count)
			cpus = append(cpus, set)
		}
		if id := n.Get("MEMORY_NODE_ID"); id != "" {
			b.dom.NUMATune.MemNodes = append(b.dom.NUMATune.MemNodes,
				libvirtxml.DomainNUMATuneMemNode{CellID: uint(i), Mode: "strict", Nodeset: id})
			memories = append(memories, id)
		}
		first += count
	}
	if len(memories) > 0 {
		b.dom.NUMATune.Memory = &libvirtxml.DomainNUMATuneMemory{Mode: "strict", Nodeset: strings.Join(memories, ",")}
	}
	if len(cpus) > 0 && b.tune().EmulatorPin == nil {
		b.tune().EmulatorPin = &libvirtxml.DomainCPUTuneEmulatorPin{CPUSet: strings.Join(cpus, ",")}
	}
}

// cell is one node as the guest sees it.
func (b *build) cell(n *attr.Attr, id, first, count uint, of int) libvirtxml.DomainCell {
	c := libvirtxml.DomainCell{
		ID: ptr(id), Memory: b.uint("NUMA_NODE/MEMORY", n.Get("MEMORY")), Unit: "KiB",
		MemAccess: b.access(), Distances: distances(n.Get("DISTANCE"), id, uint(of)),
	}
	if count > 0 {
		c.CPUs = strconv.FormatUint(uint64(first), 10) + "-" + strconv.FormatUint(uint64(first+count-1), 10)
	}
	return c
}

// access tells whether the guest's memory is shared with other processes.
func (b *build) access() string {
	t := b.vm.Template.Vector("TOPOLOGY")
	switch how := strings.ToLower(t.Get("MEMORY_ACCESS")); how {
	case "shared", "private":
		return how
	}
	return ""
}

// pin pins virtual CPUs: each to one host CPU, or all to a set of them. The virtual CPUs of an
// emulated VM run in threads of the emulator that libvirt cannot tell apart, so the emulator as
// a whole is pinned.
func (b *build) pin(set string, first, count uint) {
	if b.Type == QEMU {
		return
	}
	t := b.vm.Template.Vector("TOPOLOGY")
	policy, own := numa.ParsePolicy(t.Get("PIN_POLICY")), strings.Split(set, ",")
	alone := policy == numa.PinCore || policy == numa.PinThread
	if alone && uint(len(own)) < count {
		b.fail("NUMA_NODE has %d CPUs and is given %d: %s", count, len(own), set)
		return
	}
	for i := range count {
		cpus := set
		if alone {
			cpus = own[i]
		}
		b.tune().VCPUPin = append(b.tune().VCPUPin, libvirtxml.DomainCPUTuneVCPUPin{VCPU: first + i, CPUSet: cpus})
	}
}

// Distances of a node to itself, and the default to others.
const (
	toItself = 10
	toOthers = 20
)

// distances parses the distances of a node to others: 1:254,2-6:128.
func distances(text string, id, of uint) *libvirtxml.DomainCellDistances {
	if text == "" {
		return nil
	}
	d := &libvirtxml.DomainCellDistances{}
	for other := range of {
		d.Siblings = append(d.Siblings, libvirtxml.DomainCellSibling{ID: other, Value: toOthers})
	}
	d.Siblings[id].Value = toItself
	for part := range strings.SplitSeq(text, ",") {
		nodes, value, _ := strings.Cut(part, ":")
		from, to, isRange := strings.Cut(nodes, "-")
		if !isRange {
			to = from
		}
		a, b := smallNumber(from), smallNumber(to)
		for other := min(a, b); other <= max(a, b) && other < of; other++ {
			d.Siblings[other].Value = smallNumber(value)
		}
	}
	return d
}

// smallNumber parses a number that is known to consist of digits.
func smallNumber(text string) uint {
	n, _ := strconv.ParseUint(text, 10, 32)
	return uint(n)
}
