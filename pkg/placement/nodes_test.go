package placement

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/numa"
)

// TestNodes: VMs go where NUMA nodes have what they wish, and take it.
func TestNodes(t *testing.T) {
	t.Parallel()
	s := Situation{VMs: vms(6, 1, 1, Wishes{}), Hosts: hosts(3, 800, 1<<20), Datastores: stores()}
	for i := 1; i < 3; i++ {
		s.Hosts[i].NUMA.Nodes = []numa.Node{{MemoryKiB: 100, Cores: []numa.Core{{CPUs: []int{0, 1}}, {ID: 1, CPUs: []int{2, 3}}}}}
	}
	wish := func(p numa.Policy, cpus int) numa.Wish {
		return numa.Wish{Policy: p, Affinity: numa.Anywhere, Nodes: []numa.Need{{CPUs: cpus, MemoryKiB: 40}}}
	}
	near := wish(numa.PinNone, 1)
	near.Affinity = 0
	for i, want := range []numa.Wish{wish(numa.PinCore, 2), wish(numa.PinThread, 4), wish(numa.PinShared, 1), {}, near, near} {
		s.VMs[i].NUMA = want
	}
	got := Decide(s)
	if diff := cmp.Diff([]int{1, 2, -1, 0, 1, 2}, places(got)); diff != "" {
		t.Errorf("hosts (-want +got):\n%s", diff)
	}
	for _, want := range []string{"node0: nothing is known of its NUMA nodes", "node1: its NUMA nodes lack 1 free CPUs"} {
		if !strings.Contains(got[2].Reason, want) {
			t.Errorf("the reason is %q; want %q", got[2].Reason, want)
		}
	}
	if len(s.Hosts[1].NUMA.Claims) != 0 {
		t.Error("what was decided from was changed")
	}
}
