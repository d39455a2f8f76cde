package placement

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestBondsHold places VMs of three roles at random and looks whether what each
// asks of the others is so at the end of the round.
func TestBondsHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		role := func(n int) Role { return Role{Group: 1, Name: string(rune('a' + n))} }
		bonds := []*Bonds{
			{Role: role(0), Together: []Role{role(0)}, Apart: []Role{role(2)}},
			{Role: role(1), Apart: []Role{role(1)}, NotHosts: []int{0}},
			{Role: role(2), Apart: []Role{role(0)}, Hosts: []int{1, 2}},
		}
		s := Situation{Policy: rapid.SampledFrom([]Policy{Pack, Stripe, Load}).Draw(rt, "policy")}
		for i := range 4 {
			s.Hosts = append(s.Hosts, Host{ID: i, Name: string(rune('h' + i)), Attrs: facts{}, FreeCPU: 300, FreeMemoryKiB: 1 << 20})
		}
		s.Datastores = []Datastore{{ID: 0, Clusters: []int{0}, Attrs: facts{}}}
		for i := range rapid.IntRange(1, 12).Draw(rt, "VMs") {
			s.VMs = append(s.VMs, VM{ID: i, CPU: 100, MemoryKiB: 1024, NotOn: -1, Bonds: bonds[rapid.IntRange(0, 2).Draw(rt, "role")]})
		}
		at := map[int]int{}
		for _, d := range Decide(s) {
			if d.Reason == "" {
				at[d.VM] = d.Host
			} else if !strings.HasPrefix(d.Reason, "No host fits. ") {
				rt.Errorf("VM %d waits: %s", d.VM, d.Reason)
			}
		}
		for id, host := range at {
			checkBonds(rt, s.VMs, at, id, host)
		}
	})
}

func checkBonds(rt *rapid.T, vms []VM, at map[int]int, id, host int) {
	b := vms[id].Bonds
	if len(b.NotHosts) > 0 && host == b.NotHosts[0] || len(b.Hosts) > 0 && host != b.Hosts[0] && host != b.Hosts[1] {
		rt.Errorf("VM %d of role %s is on host %d", id, b.Role.Name, host)
	}
	for other, there := range at {
		is := func(list []Role) bool {
			for _, r := range list {
				if r == vms[other].Bonds.Role {
					return true
				}
			}
			return false
		}
		switch {
		case other == id:
		case is(b.Together) && there != host:
			rt.Errorf("VMs %d and %d are to be together and are on %d and %d", id, other, host, there)
		case is(b.Apart) && there == host:
			rt.Errorf("VMs %d and %d are to be apart and are on %d", id, other, host)
		}
	}
}
