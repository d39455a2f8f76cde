package placement

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cards is a VM with cards of mode AUTO that ask for these networks.
func cards(id int, access *Access, needs ...string) VM {
	v := VM{ID: id, CPU: 1, MemoryKiB: 1, NotOn: -1, Asks: Wishes{Access: access}}
	for i, text := range needs {
		v.NICs = append(v.NICs, NIC{ID: i, Requirements: text})
	}
	return v
}

func TestNetworksAreChosenWithTheHost(t *testing.T) {
	t.Parallel()
	nets := func() []Network {
		return []Network{
			{ID: 0, Clusters: []int{0}, Attrs: facts{"ZONE": "a", "SPEED": "1"}, Free: 2},
			{ID: 1, Clusters: []int{0, 1}, Attrs: facts{"ZONE": "b", "SPEED": "2"}, Free: 5},
			{ID: 2, Clusters: []int{1}, Attrs: facts{"ZONE": "a", "SPEED": "3"}, Free: 9},
			{ID: 3, Clusters: []int{0}, Attrs: facts{"ZONE": "full"}, Free: 0},
		}
	}
	ranked := cards(0, nil, "")
	ranked.NICs[0].Rank = "- SPEED"
	for name, c := range map[string]struct {
		vms  []VM
		want [][]Connection // of each VM; nil for one that waits
		why  string         // of the last that waits
	}{
		"the freest that reaches":       {[]VM{cards(0, nil, "")}, [][]Connection{{{0, 1}}}, ""},
		"the best ranked":               {[]VM{ranked}, [][]Connection{{{0, 0}}}, ""},
		"as required":                   {[]VM{cards(0, nil, `ZONE = "a"`, `ZONE = "b"`)}, [][]Connection{{{0, 0}, {1, 1}}}, ""},
		"one after the other":           {[]VM{cards(0, nil, `ID = 9`), cards(1, nil, "")}, [][]Connection{nil, {{0, 1}}}, "NIC 0: no virtual network"},
		"until the addresses are given": {[]VM{cards(0, nil, `ZONE = "a"`, `ZONE = "a"`), cards(1, nil, `ZONE = "a"`)}, [][]Connection{{{0, 0}, {1, 0}}, nil}, "NIC 0: no virtual network"},
		"not those out of reach":        {[]VM{cards(0, nil, `SPEED = 3`)}, [][]Connection{nil}, "no virtual network of its cluster"},
		"not a full one":                {[]VM{cards(0, nil, `ZONE = "full"`)}, [][]Connection{nil}, "has a free address"},
		"what is wrong is told":         {[]VM{cards(0, nil, `ZONE = `)}, [][]Connection{nil}, "NIC 0: Error in SCHED_REQUIREMENTS"},
		"not what its owner may not use": {
			[]VM{cards(0, &Access{Hosts: map[int]bool{0: true}, Datastores: map[int]bool{0: true}, Networks: map[int]bool{0: true}}, "")},
			[][]Connection{{{0, 0}}}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got [][]Connection
			why := ""
			for _, d := range Decide(Situation{VMs: c.vms, Hosts: hosts(1, 200, 1<<20), Datastores: stores(), Networks: nets()}) {
				got = append(got, d.NICs)
				if d.Reason != "" {
					why = d.Reason
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("connections (-want +got):\n%s", diff)
			}
			if c.why == "" && why != "" || !strings.Contains(why, c.why) {
				t.Errorf("the reason is %q, want one with %q", why, c.why)
			}
		})
	}
}

func TestOwnersAreKeptFromWhatTheyMayNotUse(t *testing.T) {
	t.Parallel()
	all := map[int]bool{0: true, 1: true, 2: true}
	for name, c := range map[string]struct {
		access *Access
		host   int
		why    string
	}{
		"everything":    {nil, 0, ""},
		"one host":      {&Access{Hosts: map[int]bool{2: true}, Datastores: all}, 2, ""},
		"no host":       {&Access{Datastores: all}, -1, "node0: the owner of the VM may not use it"},
		"no datastore":  {&Access{Hosts: all}, -1, "no system datastore"},
		"nobody at all": {&Access{}, -1, "node2: the owner of the VM may not use it"},
	} {
		v := VM{CPU: 1, MemoryKiB: 1, NotOn: -1, Asks: Wishes{Access: c.access}}
		d := Decide(Situation{VMs: []VM{v}, Hosts: hosts(3, 200, 1<<20), Datastores: stores(), Policy: Stripe})[0]
		if d.Host != c.host || !strings.Contains(d.Reason, c.why) {
			t.Errorf("%s: got host %d, %q; want %d, %q", name, d.Host, d.Reason, c.host, c.why)
		}
	}
}

func TestDatastoresAreRanked(t *testing.T) {
	t.Parallel()
	two := []Datastore{
		{ID: 0, Clusters: []int{0}, Attrs: facts{"SPEED": "1"}, FreeMiB: 100, Checked: true},
		{ID: 1, Clusters: []int{0}, Attrs: facts{"SPEED": "9"}, FreeMiB: 50, Checked: true},
	}
	for rank, want := range map[string]int{"": 0, "SPEED": 1, "- SPEED": 0} {
		v := VM{CPU: 1, MemoryKiB: 1, DiskMiB: 10, NotOn: -1, Asks: Wishes{DSRank: rank}}
		if d := Decide(Situation{VMs: []VM{v}, Hosts: hosts(1, 200, 1<<20), Datastores: two})[0]; d.Datastore != want {
			t.Errorf("rank %q: got datastore %d, %q; want %d", rank, d.Datastore, d.Reason, want)
		}
	}
}
