package numa_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/numa"
)

// machine has two nodes of cores with two threads each, as a common server
// numbers them: the second threads come after all first ones.
func machine(cores int) numa.Topology {
	var t numa.Topology
	for id := range 2 {
		n := numa.Node{ID: id, MemoryKiB: 4096, Distance: []int{id, 1 - id}, Pages: []numa.Hugepages{{SizeKiB: 16, Count: 64}}}
		for c := range cores {
			first := id*cores + c
			n.Cores = append(n.Cores, numa.Core{ID: c, CPUs: []int{first, first + 2*cores}})
		}
		t.Nodes = append(t.Nodes, n)
	}
	return t
}

func pinned(p numa.Policy, nodes ...numa.Need) numa.Wish {
	return numa.Wish{Policy: p, Affinity: numa.Anywhere, Nodes: nodes}
}

func TestWhereVMsGo(t *testing.T) {
	t.Parallel()
	half := numa.Need{CPUs: 2, MemoryKiB: 1024}
	for name, c := range map[string]struct {
		wish numa.Wish
		want []numa.Part
		cuts int
	}{
		"threads of one core":  {pinned(numa.PinThread, half), []numa.Part{{Node: 1, Memory: 1, CPUs: []int{2, 6}}}, 2},
		"shared alike":         {pinned(numa.PinShared, half), []numa.Part{{Node: 1, Memory: 1, CPUs: []int{2, 6}}}, 2},
		"whole cores":          {pinned(numa.PinCore, half), []numa.Part{{Node: 1, Memory: 1, CPUs: []int{2, 3}}}, 1},
		"two nodes":            {pinned(numa.PinThread, half, half), []numa.Part{{Node: 1, Memory: 1, CPUs: []int{2, 6}}, {Node: 0, Memory: 0, CPUs: []int{0, 4}}}, 2},
		"an odd number":        {pinned(numa.PinThread, numa.Need{CPUs: 3, MemoryKiB: 1}), []numa.Part{{Node: 1, Memory: 1, CPUs: []int{2, 6, 3}}}, 1},
		"too many cores":       {pinned(numa.PinCore, numa.Need{CPUs: 3, MemoryKiB: 1}), nil, 0},
		"too much memory":      {pinned(numa.PinThread, numa.Need{CPUs: 1, MemoryKiB: 4097}), nil, 0},
		"threads that are not": {numa.Wish{Policy: numa.PinThread, Affinity: -1, Threads: 4, Nodes: []numa.Need{{CPUs: 4, MemoryKiB: 1}}}, nil, 0},
		"one thread a core":    {numa.Wish{Policy: numa.PinThread, Affinity: -1, Threads: 1, Nodes: []numa.Need{half}}, []numa.Part{{Node: 1, Memory: 1, CPUs: []int{2, 6}}}, 1},
		"near its devices":     {numa.Wish{Policy: numa.PinThread, Affinity: -1, Near: []int{0}, Nodes: []numa.Need{half}}, []numa.Part{{Node: 0, Memory: 0, CPUs: []int{0, 4}}}, 2},
		"on a node":            {numa.Wish{Affinity: 0, Nodes: []numa.Need{half}}, []numa.Part{{Node: 0, Memory: 0, CPUs: []int{0, 4, 1, 5}}}, 0},
		"on no node":           {numa.Wish{Affinity: 2, Nodes: []numa.Need{half}}, nil, 0},
		"hugepages":            {numa.Wish{Affinity: -1, PageKiB: 16, Nodes: []numa.Need{half}}, []numa.Part{{Node: 0, Memory: 0, CPUs: []int{0, 4, 1, 5}}}, 0},
		"too many hugepages":   {numa.Wish{Affinity: -1, PageKiB: 16, Nodes: []numa.Need{{CPUs: 1, MemoryKiB: 2048}}}, nil, 0},
		"pages of no size":     {numa.Wish{Policy: numa.PinCore, Affinity: -1, PageKiB: 4, Nodes: []numa.Need{half}}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := machine(2)
			claim, ok := host.Give(7, c.wish)
			if !ok {
				claim = &numa.Claim{}
			}
			if diff := cmp.Diff(c.want, claim.Has); diff != "" || claim.Cuts != c.cuts {
				t.Errorf("%d threads a core, want %d (-want +got):\n%s", claim.Cuts, c.cuts, diff)
			}
		})
	}
}

// A node without memory of its own left gives CPUs beside the memory of the next.
func TestMemoryOfTheNextNode(t *testing.T) {
	t.Parallel()
	host := machine(2)
	host.Nodes[0].MemoryKiB, host.Nodes[1].Cores = 16, nil
	claim, ok := host.Give(1, pinned(numa.PinCore, numa.Need{CPUs: 1, MemoryKiB: 4096}))
	if !ok || claim.Has[0].Node != 0 || claim.Has[0].Memory != 1 {
		t.Errorf("given %+v, %v", claim, ok)
	}
}

func TestReservedAndSharedCPUs(t *testing.T) {
	t.Parallel()
	host := machine(1) // CPUs 0 and 2, 1 and 3
	host.Reserved = []int{0, 1, 3}
	if host.Fits(1, pinned(numa.PinThread, numa.Need{CPUs: 2, MemoryKiB: 1})) {
		t.Error("two CPUs of the one that is left")
	}
	one := pinned(numa.PinCore, numa.Need{CPUs: 1, MemoryKiB: 1})
	if c, ok := host.Give(1, one); !ok || !slices.Equal(c.Has[0].CPUs, []int{2}) {
		t.Errorf("a core with a reserved CPU gave %+v", c)
	}
	if host.Fits(2, one) {
		t.Error("a core was given away twice")
	}
	host.Free(1)
	host.PerThread = 2
	thread := pinned(numa.PinThread, numa.Need{CPUs: 1, MemoryKiB: 1})
	for vm := range 2 {
		if _, ok := host.Give(vm, thread); !ok {
			t.Errorf("VM %d does not share the CPU", vm)
		}
	}
	if host.Fits(2, thread) {
		t.Error("three share what is for two")
	}
}

// A VM that has something keeps it while it wants the same, whatever the host
// becomes meanwhile.
func TestWhatAVMHasStays(t *testing.T) {
	t.Parallel()
	host := machine(2)
	wish := pinned(numa.PinCore, numa.Need{CPUs: 2, MemoryKiB: 64})
	before, _ := host.Give(1, wish)
	had := *before
	host.Reserved = []int{0, 1, 2, 3}
	host.See([]numa.Node{{ID: 5}})
	if after, ok := host.Give(1, wish); !ok || cmp.Diff(had, *after) != "" {
		t.Errorf("had %+v, has %+v", had, after)
	}
	wish.Nodes = []numa.Need{{CPUs: 1, MemoryKiB: 64}}
	if _, ok := host.Give(1, wish); ok || host.Of(1) == nil {
		t.Error("a change that does not fit was made, or lost what was there")
	}
}

// TestNobodyHasTooMuch gives and takes at random: no CPU and no memory is given
// twice, and at the end all is free again.
func TestNobodyHasTooMuch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		host := machine(rapid.IntRange(1, 4).Draw(t, "cores"))
		host.PerThread = rapid.IntRange(1, 2).Draw(t, "sharing")
		host.Reserved = rapid.SliceOfNDistinct(rapid.IntRange(0, 7), 0, 3, rapid.ID[int]).Draw(t, "reserved")
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			vm := rapid.IntRange(0, 6).Draw(t, "vm")
			if rapid.IntRange(0, 2).Draw(t, "free") == 0 {
				host.Free(vm)
			} else {
				host.Give(vm, anyWish(t))
			}
			bounded(t, &host)
		}
		for vm := range 7 {
			host.Free(vm)
		}
		if len(host.Claims) != 0 {
			t.Fatalf("%+v are left", host.Claims)
		}
	})
}

func anyWish(t *rapid.T) numa.Wish {
	w := numa.Wish{
		Policy:   numa.Policy(rapid.IntRange(0, 3).Draw(t, "policy")),
		Affinity: numa.Anywhere,
		PageKiB:  rapid.SampledFrom([]int64{0, 16}).Draw(t, "pages"),
		Threads:  rapid.IntRange(0, 2).Draw(t, "threads"),
	}
	if w.Policy == numa.PinNone && w.PageKiB == 0 {
		w.Affinity = rapid.IntRange(0, 2).Draw(t, "affinity")
	}
	for range rapid.IntRange(1, 2).Draw(t, "nodes") {
		w.Nodes = append(w.Nodes, numa.Need{CPUs: rapid.IntRange(1, 4).Draw(t, "cpus"), MemoryKiB: int64(rapid.IntRange(1, 64).Draw(t, "memory") * 16)})
	}
	return w
}

func bounded(t *rapid.T, host *numa.Topology) {
	use := host.Use()
	for _, n := range host.Nodes {
		if use.MemoryKiB(n.ID) > n.MemoryKiB || use.Pages(n.ID, 16) > 64 {
			t.Fatalf("node %d: %d KiB and %d pages are used", n.ID, use.MemoryKiB(n.ID), use.Pages(n.ID, 16))
		}
		for _, core := range n.Cores {
			var on []int
			for _, cpu := range core.CPUs {
				on = append(on, use.VMs(cpu)...)
				if len(use.VMs(cpu)) > host.PerThread || slices.Contains(host.Reserved, cpu) && len(use.VMs(cpu)) > 0 {
					t.Fatalf("CPU %d is used by %v", cpu, use.VMs(cpu))
				}
			}
			if use.Dedicated(&core) && len(on) != 1 {
				t.Fatalf("a core for one VM is used by %v", on)
			}
		}
	}
}
