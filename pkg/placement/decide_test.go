package placement

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// facts is an object with one value per attribute.
type facts map[string]string

func (f facts) Lookup(path string) []string {
	if v, ok := f[path]; ok {
		return []string{v}
	}
	return nil
}

func hosts(n, cpu int, memoryKiB int64) []Host {
	var list []Host
	for i := range n {
		list = append(list, Host{
			ID: i, Name: fmt.Sprintf("node%d", i), FreeCPU: cpu, FreeMemoryKiB: memoryKiB,
			Attrs: facts{"NAME": fmt.Sprintf("node%d", i), "RACK": fmt.Sprint(i % 2)},
		})
	}
	return list
}

func stores() []Datastore {
	return []Datastore{{ID: 0, Name: "system", Clusters: []int{0}, Attrs: facts{}, FreeMiB: 1 << 40}}
}

func vms(n, cpu int, memoryKiB int64, asks Wishes) []VM {
	var list []VM
	for i := range n {
		list = append(list, VM{ID: i, CPU: cpu, MemoryKiB: memoryKiB, NotOn: -1, Asks: asks})
	}
	return list
}

func places(ds []Decision) (hosts []int) {
	for _, d := range ds {
		hosts = append(hosts, d.Host)
	}
	return hosts
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy Policy
		asks   Wishes
		want   []int
	}{
		{Stripe, Wishes{}, []int{0, 1, 2, 0}},
		{Pack, Wishes{}, []int{0, 0, 1, 1}},
		{Load, Wishes{}, []int{0, 1, 2, 0}},
		{Stripe, Wishes{Requirements: `RACK = 1`}, []int{1, 1, -1, -1}},
		{Stripe, Wishes{Rank: "RACK"}, []int{1, 1, 0, 2}},
	} {
		got := places(Decide(Situation{VMs: vms(4, 100, 1024, tt.asks), Hosts: hosts(3, 200, 1<<20), Datastores: stores(), Policy: tt.policy}))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s %+v (-want +got):\n%s", tt.policy, tt.asks, diff)
		}
	}
}

func TestReasonNamesEveryHost(t *testing.T) {
	t.Parallel()
	s := Situation{VMs: vms(1, 100, 2<<20, Wishes{Requirements: `RACK = 0`}), Hosts: hosts(4, 200, 1<<20), Datastores: stores()}
	s.Hosts[2].Closed = "disabled"
	reason := Decide(s)[0].Reason
	for _, part := range []string{"node0: not enough memory (2048 MiB asked, 1024 free)", "node1: RACK", "node2: disabled"} {
		if !strings.Contains(reason, part) {
			t.Errorf("reason %q does not say %q", reason, part)
		}
	}
}

func TestBadExpressionIsTheReason(t *testing.T) {
	t.Parallel()
	d := Decide(Situation{VMs: vms(1, 1, 1, Wishes{Requirements: "A ="}), Hosts: hosts(1, 200, 1<<20), Datastores: stores()})[0]
	if !strings.Contains(d.Reason, "Error in SCHED_REQUIREMENTS") {
		t.Errorf("got reason %q", d.Reason)
	}
}

func TestDatastoreFullOrElsewhere(t *testing.T) {
	t.Parallel()
	s := Situation{VMs: vms(2, 1, 1, Wishes{}), Hosts: hosts(1, 200, 1<<20), Datastores: stores()}
	s.Datastores[0].Checked, s.Datastores[0].FreeMiB = true, 10
	s.VMs[0].DiskMiB, s.VMs[1].DiskMiB = 8, 8
	if diff := cmp.Diff([]int{0, -1}, places(Decide(s))); diff != "" {
		t.Error(diff)
	}
	s.Datastores[0].Clusters = []int{7}
	if got := Decide(s)[0]; !strings.Contains(got.Reason, "no system datastore") {
		t.Errorf("got %+v", got)
	}
}

// TestAgainstObviousModel compares with a scan of all hosts for every VM.
func TestAgainstObviousModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := draw(t)
		want, got := places(model(s)), places(Decide(s))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v (-model +got):\n%s", s, diff)
		}
	})
}

func draw(t *rapid.T) Situation {
	s := Situation{Datastores: stores(), Policy: rapid.SampledFrom([]Policy{Pack, Stripe, Load}).Draw(t, "policy")}
	for i := range rapid.IntRange(0, 6).Draw(t, "hosts") {
		s.Hosts = append(s.Hosts, Host{
			ID: i, Name: fmt.Sprint(i), FreeCPU: rapid.IntRange(0, 500).Draw(t, "cpu"),
			FreeMemoryKiB: rapid.Int64Range(0, 500).Draw(t, "mem"), RunningVMs: rapid.IntRange(0, 3).Draw(t, "running"),
			Attrs: facts{"R": fmt.Sprint(rapid.IntRange(0, 2).Draw(t, "r"))},
		})
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "vms") {
		s.VMs = append(s.VMs, VM{
			ID: i, CPU: rapid.IntRange(1, 200).Draw(t, "vcpu"), MemoryKiB: rapid.Int64Range(1, 200).Draw(t, "vmem"),
			NotOn: rapid.IntRange(-1, 2).Draw(t, "noton"),
			Asks: Wishes{
				Requirements: rapid.SampledFrom([]string{"", "R = 1", "R > 0"}).Draw(t, "req"),
				Rank:         rapid.SampledFrom([]string{"", "R", "-R"}).Draw(t, "rank"),
			},
		})
	}
	return s
}

func model(s Situation) (ds []Decision) {
	s.Hosts = slices.Clone(s.Hosts)
	for _, v := range s.VMs {
		c := &class{asks: v.Asks}
		c.compile()
		best := -1
		for i, h := range s.Hosts {
			if failing(c.requires, h.Attrs) != "" || h.ID == v.NotOn || h.FreeCPU < v.CPU || h.FreeMemoryKiB < v.MemoryKiB {
				continue
			}
			if best < 0 || better(c, s.Policy, h, s.Hosts[best]) {
				best = i
			}
		}
		id := -1
		if best >= 0 {
			s.Hosts[best].FreeCPU -= v.CPU
			s.Hosts[best].FreeMemoryKiB -= v.MemoryKiB
			s.Hosts[best].RunningVMs++
			id = s.Hosts[best].ID
		}
		ds = append(ds, Decision{VM: v.ID, Host: id})
	}
	return ds
}

func better(c *class, p Policy, a, b Host) bool {
	if c.rank != nil {
		p = Stripe
	}
	r := &ranking{policy: p, list: []ranked{{&seat{a}, c.staticRank(&seat{a})}, {&seat{b}, c.staticRank(&seat{b})}}}
	return r.Less(0, 1)
}

func BenchmarkDecide20000VMs1250Hosts(b *testing.B) {
	s := Situation{
		VMs:   vms(20000, 10, 1024, Wishes{Requirements: "RACK = 1 | RACK = 0"}),
		Hosts: hosts(1250, 1600, 1<<30), Datastores: stores(), Policy: Stripe,
	}
	for b.Loop() {
		Decide(s)
	}
}
