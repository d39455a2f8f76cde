package host

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/numa"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// errNoNodes is oned's error text.
var errNoNodes = one.Errorf(one.CodeAction, "Cannot allocate NUMA topology")

// AssignNUMA allocates CPUs and memory of a host's NUMA nodes to a VM, or returns an error and
// leaves its allocation as it was. An empty wish releases the allocation.
func AssignNUMA(tx *store.Tx, id, vm int, w numa.Wish) (*numa.Claim, error) {
	h, err := Kind.Edit(tx, id)
	if err != nil {
		return nil, err
	}
	if w.Nothing() {
		if h.NUMA.Free(vm) {
			Kind.Put(tx, h)
		}
		return nil, nil
	}
	before := h.NUMA.Of(vm)
	had := before != nil && before.For.Equal(w)
	claim, ok := h.NUMA.Give(vm, w)
	switch {
	case !ok:
		return nil, errNoNodes
	case !had:
		Kind.Put(tx, h)
	}
	return claim, nil
}

// FreeNUMA releases what a VM has of a host's NUMA nodes.
func FreeNUMA(tx *store.Tx, id, vm int) {
	if h, err := Kind.Edit(tx, id); err == nil && h.NUMA.Free(vm) {
		Kind.Put(tx, h)
	}
}

// FitsNUMA returns an error if the host's NUMA nodes do not have what a VM needs.
func (h *Host) FitsNUMA(vm int, w numa.Wish) error {
	if !w.Nothing() && !h.NUMA.Fits(vm, w) {
		return errNoNodes
	}
	return nil
}

// partition applies ISOLCPUS and the like: which CPUs VMs may use, and how many VMs may share
// one.
func (h *Host) partition() {
	h.NUMA.Reserved = nil
	for word := range strings.SplitSeq(h.Template.Get("ISOLCPUS"), ",") {
		if cpu, err := strconv.Atoi(strings.TrimSpace(word)); err == nil {
			h.NUMA.Reserved = append(h.NUMA.Reserved, cpu)
		}
	}
	n, said := h.Template.Int("VMS_THREAD")
	if said && n < 1 {
		n = 1
		h.Template.Set("VMS_THREAD", "1")
	}
	h.NUMA.PerThread = n
}

// NodeAttrs is a NUMA node as an element of NUMA_NODES.
func NodeAttrs(n *numa.Node, u *numa.Use) (t attr.Template) {
	for i := range n.Cores {
		t.Add(coreAttr(&n.Cores[i], u))
	}
	for _, p := range n.Pages {
		t.Add(attr.NewVector("HUGEPAGE",
			attr.Pair{Key: "SIZE", Value: decimal(p.SizeKiB)},
			attr.Pair{Key: "PAGES", Value: decimal(p.Count)},
			attr.Pair{Key: "USAGE", Value: decimal(u.Pages(n.ID, p.SizeKiB))},
		))
	}
	t.Add(attr.NewVector("MEMORY",
		attr.Pair{Key: "TOTAL", Value: decimal(n.MemoryKiB)},
		attr.Pair{Key: "USAGE", Value: decimal(u.MemoryKiB(n.ID))},
		attr.Pair{Key: "DISTANCE", Value: joined(n.Distance, " ")},
	))
	t.Set("NODE_ID", text(n.ID))
	return t
}

// What stands behind a free CPU, and behind one that VMs may not use.
const (
	nobodys = ":-1"
	kept    = ":-2"
)

func coreAttr(c *numa.Core, u *numa.Use) attr.Attr {
	var cpus []string
	for _, cpu := range c.CPUs {
		vms := u.VMs(cpu)
		switch {
		case u.Reserved(cpu):
			cpus = append(cpus, text(cpu)+kept)
		case len(vms) == 0:
			cpus = append(cpus, text(cpu)+nobodys)
		}
		for _, vm := range vms {
			cpus = append(cpus, text(cpu)+":"+text(vm))
		}
	}
	dedicated := "NO"
	if u.Dedicated(c) {
		dedicated = "YES"
	}
	return attr.NewVector("CORE",
		attr.Pair{Key: "ID", Value: text(c.ID)},
		attr.Pair{Key: "CPUS", Value: strings.Join(cpus, ",")},
		attr.Pair{Key: "FREE", Value: text(u.Free(c))},
		attr.Pair{Key: "DEDICATED", Value: dedicated},
	)
}

func joined(ids []int, by string) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = text(id)
	}
	return strings.Join(words, by)
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
