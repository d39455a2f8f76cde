package placement

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// cluster lays out VMs of one CPU that use all of it, by host.
func cluster(goal Goal, hostCPU int, at ...int) Layout {
	l := Layout{Situation: Situation{Hosts: hosts(4, hostCPU, 1<<30), Datastores: stores()}, Whole: map[int]Loads{}, Goal: goal}
	for _, h := range l.Hosts {
		l.Whole[h.ID] = Loads{CPUUsage: float64(hostCPU), CPU: float64(hostCPU)}
	}
	for i, v := range vms(len(at), 100, 1024, Wishes{}) {
		l.Stays = append(l.Stays, Stay{VM: v, Host: at[i], Uses: Loads{CPUUsage: 100, CPU: 100}})
	}
	return l
}

var (
	even = Goal{Weights: Loads{CPUUsage: 1}, Moves: -1}
	few  = Goal{Pack: true, Moves: -1}
)

// after lists where the VMs are when the moves were made.
func after(l Layout, moves []Move) (at []int) {
	for _, s := range l.Stays {
		at = append(at, s.Host)
		for _, m := range moves {
			if m.VM == s.ID {
				at[len(at)-1] = m.Host
			}
		}
	}
	return at
}

func TestOptimize(t *testing.T) {
	t.Parallel()
	group := func(name string, b Bonds) *Bonds {
		b.Role = Role{Group: 1, Name: name}
		return &b
	}
	pair := group("pair", Bonds{Together: []Role{{1, "pair"}}})
	alone := group("alone", Bonds{Apart: []Role{{1, "alone"}}})
	for name, tt := range map[string]struct {
		layout Layout
		change func(*Layout)
		want   []int // where each VM is at the end
	}{
		"an even load":          {cluster(even, 400, 0, 0, 0, 0), nil, []int{1, 2, 3, 0}},
		"several highest loads": {cluster(even, 400, 0, 0, 1, 1), nil, []int{2, 0, 3, 1}},
		"even already":          {cluster(even, 400, 0, 1, 2, 3, 0), nil, []int{0, 1, 2, 3, 0}},
		"few hosts":             {cluster(few, 400, 0, 1, 2, 2), nil, []int{2, 2, 2, 2}},
		"few hosts, no room":    {cluster(few, 200, 0, 0, 1, 2, 2), nil, []int{0, 0, 1, 2, 2}},
		"few moves":             {cluster(even, 400, 0, 0, 0, 0), func(l *Layout) { l.Goal.Moves = 1 }, []int{1, 0, 0, 0}},
		"few moves, few hosts":  {cluster(few, 400, 0, 1, 2, 2), func(l *Layout) { l.Goal.Moves = 1 }, []int{2, 1, 2, 2}},
		"no move at all":        {cluster(even, 400, 0, 0, 0, 0), func(l *Layout) { l.Goal.Moves = 0 }, []int{0, 0, 0, 0}},
		"fixed VMs":             {cluster(even, 400, 0, 0), func(l *Layout) { l.Stays[0].Fixed, l.Stays[1].Fixed = true, true }, []int{0, 0}},
		"closed hosts":          {cluster(even, 400, 0, 0), func(l *Layout) { l.Hosts[1].Closed, l.Hosts[2].Closed = "off", "off" }, []int{3, 0}},
		"requirements": {cluster(even, 400, 0, 0), func(l *Layout) {
			l.Stays[0].Asks.Requirements, l.Stays[1].Asks.Requirements = `RACK = 0`, `NAME = "node0"`
		}, []int{2, 0}},
		"another datastore":       {cluster(even, 400, 0, 0), func(l *Layout) { l.Stays[0].Datastore, l.Stays[1].Datastore = 7, 7 }, []int{0, 0}},
		"together they move":      {cluster(even, 400, 0, 0, 0, 0), func(l *Layout) { l.Stays[0].Bonds, l.Stays[1].Bonds = pair, pair }, nil},
		"apart they stay":         {cluster(few, 400, 0, 1, 1), func(l *Layout) { l.Stays[0].Bonds, l.Stays[1].Bonds = alone, alone }, []int{0, 1, 1}},
		"weights that say memory": {cluster(Goal{Weights: Loads{Memory: 1}, Moves: -1}, 400, 0, 0), nil, []int{0, 0}},
	} {
		if tt.change != nil {
			tt.change(&tt.layout)
		}
		got := after(tt.layout, Optimize(tt.layout))
		if tt.want == nil { // the two of the pair may go anywhere, but not alone
			if got[0] != got[1] || got[2] == got[0] || got[3] == got[0] {
				t.Errorf("%s: VMs are on %v", name, got)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestSwap: no VM fits anywhere else, but two may change places.
func TestSwap(t *testing.T) {
	t.Parallel()
	l := cluster(even, 200, 0, 0, 1, 1)
	l.Hosts = l.Hosts[:2]
	for i, use := range []float64{100, 100, 0, 0} {
		l.Stays[i].Uses = Loads{CPUUsage: use}
	}
	at := after(l, Optimize(l))
	if at[0] == at[1] || at[2] == at[3] {
		t.Errorf("VMs are on %v; one busy one was to be on each host", at)
	}
}

// TestManySmallVMs: what each of many VMs adds is little, and yet they are spread.
func TestManySmallVMs(t *testing.T) {
	t.Parallel()
	l := cluster(even, 40000, make([]int, 300)...)
	l.Hosts[3].Closed = "disabled"
	count := map[int]int{}
	for _, host := range after(l, Optimize(l)) {
		count[host]++
	}
	if diff := cmp.Diff(map[int]int{0: 100, 1: 100, 2: 100}, count); diff != "" {
		t.Errorf("VMs by host (-want +got):\n%s", diff)
	}
}

// TestMovesBeginWhereThereIsRoom: a host that is to become free is filled after.
func TestMovesBeginWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	b := newBoard(cluster(even, 100, 0, 1))
	b.move(b.crews[1], b.tables[2])
	b.move(b.crews[0], b.tables[1])
	want := []Move{{VM: 1, Host: 2}, {VM: 0, Host: 1}}
	if diff := cmp.Diff(want, b.moves()); diff != "" {
		t.Errorf("moves (-want +got):\n%s", diff)
	}
}

// TestChangingPlacesKeepsCount: the first of two who change places may take the last
// move that is left, although the other gives one back.
func TestChangingPlacesKeepsCount(t *testing.T) {
	t.Parallel()
	g := even
	g.Moves = 1
	b := newBoard(cluster(g, 400, 0, 1))
	b.move(b.crews[0], b.tables[1])
	b.move(b.crews[1], b.tables[0])
	b.move(b.crews[0], b.tables[0])
	b.move(b.crews[1], b.tables[1])
	if b.affords(2) || !b.affords(1) {
		t.Errorf("with all at home, %d moves are left of 1", b.left)
	}
}

// TestOptimizeKeepsTheRules: whatever the cluster, no host gets more than it
// has, nobody moves who may not, and the goal is not farther than before.
func TestOptimizeKeepsTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLayout(t)
		before := newBoard(l)
		at := after(l, Optimize(l))
		moved := 0
		free := map[int]int{}
		for _, h := range l.Hosts {
			free[h.ID] = h.FreeCPU
		}
		for i, s := range l.Stays {
			free[at[i]] -= s.CPU
			if at[i] == s.Host {
				continue
			}
			moved++
			if s.Fixed {
				t.Fatalf("VM %d moved, and was not to", s.ID)
			}
		}
		for i, h := range l.Hosts {
			if now := before.tables[i].FreeCPU; free[h.ID] < min(0, now) {
				t.Fatalf("host %d lacks %d of CPU", h.ID, -free[h.ID])
			}
		}
		if l.Goal.Moves >= 0 && moved > l.Goal.Moves {
			t.Fatalf("%d VMs moved, %d may", moved, l.Goal.Moves)
		}
		checkApart(t, l, at)
		checkGoal(t, l, before, at)
	})
}

func drawLayout(t *rapid.T) Layout {
	at := rapid.SliceOfN(rapid.IntRange(0, 3), 0, 12).Draw(t, "hosts")
	l := cluster(Goal{
		Pack: rapid.Bool().Draw(t, "pack"), Moves: rapid.IntRange(-1, 4).Draw(t, "moves"),
		Weights: Loads{CPUUsage: 0.5, CPU: 0.5},
	}, 400, at...)
	for i := range l.Stays {
		s := &l.Stays[i]
		s.CPU = rapid.IntRange(1, 3).Draw(t, "cpu") * 50
		s.Uses = Loads{CPU: float64(s.CPU), CPUUsage: float64(rapid.IntRange(0, s.CPU).Draw(t, "usage"))}
		s.Fixed = rapid.IntRange(0, 4).Draw(t, "fixed") == 0
		if rapid.IntRange(0, 3).Draw(t, "bonds") == 0 {
			s.Bonds = &Bonds{Role: Role{1, "r"}, Apart: []Role{{1, "r"}}}
		}
	}
	return l
}

// checkApart: who is apart before is apart after.
func checkApart(t *rapid.T, l Layout, at []int) {
	for i, a := range l.Stays {
		for j, b := range l.Stays[:i] {
			if a.Bonds != nil && b.Bonds != nil && at[i] == at[j] && a.Host != b.Host {
				t.Fatalf("VMs %d and %d are together on %d", a.ID, b.ID, at[i])
			}
		}
	}
}

func checkGoal(t *rapid.T, l Layout, before *board, at []int) {
	for i := range l.Stays {
		l.Stays[i].Host = at[i]
	}
	now := newBoard(l)
	used := func(b *board) (n int) {
		for _, table := range b.tables {
			if len(table.crews) > 0 {
				n++
			}
		}
		return n
	}
	if l.Goal.Pack && used(now) > used(before) {
		t.Fatalf("%d hosts are in use, and were %d", used(now), used(before))
	}
	if !l.Goal.Pack && now.peak() > before.peak()+1e-9 {
		t.Fatalf("the highest load is %v and was %v", now.peak(), before.peak())
	}
	if slices.Contains(at, -1) {
		t.Fatal("a VM is nowhere")
	}
}

// BenchmarkOptimize evens two thousand VMs that are on a quarter of fifty hosts.
func BenchmarkOptimize(b *testing.B) {
	l := cluster(even, 40000)
	l.Hosts = hosts(50, 40000, 1<<40)
	for _, h := range l.Hosts {
		l.Whole[h.ID] = Loads{CPUUsage: 40000}
	}
	for i, v := range vms(2000, 100, 1024, Wishes{}) {
		l.Stays = append(l.Stays, Stay{VM: v, Host: i % 12, Uses: Loads{CPUUsage: float64(10 + i%90)}})
	}
	for b.Loop() {
		Optimize(l)
	}
}
