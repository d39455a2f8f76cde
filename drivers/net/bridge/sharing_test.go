package bridge

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/drivers"
)

// sharing is a model of a host with VMs that start and end, and of the devices that should
// exist.
type sharing struct {
	k      *kernel
	nets   map[string]drivers.Network
	driver string
	nic    drivers.NIC  // as the network is now
	runs   map[int]bool // VMs, and whether they have interfaces yet
}

func (s *sharing) tap(vm int) string { return "one-" + strconv.Itoa(vm) + "-0" }

// TestSharedBridges sets up, boots, ends and updates VMs of one network in any order, and
// restarts the server: the host always has the devices that VMs need, and none when there are
// no VMs.
func TestSharedBridges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := newKernel("p0", "p1")
		all, err := Drivers(k, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		s := &sharing{k: k, nets: all, driver: rapid.SampledFrom(slices.Sorted(maps.Keys(all))).Draw(t, "driver"), nic: inVLAN, runs: map[int]bool{}}
		vms := rapid.IntRange(1, 4)
		t.Repeat(map[string]func(*rapid.T){
			"set up":  func(t *rapid.T) { s.setUp(t, vms.Draw(t, "vm")) },
			"boot":    func(t *rapid.T) { s.boot(t, vms.Draw(t, "vm")) },
			"end":     func(t *rapid.T) { s.end(t, vms.Draw(t, "vm")) },
			"change":  s.change,
			"restart": s.restart,
			"":        s.check,
		})
		for vm := range s.runs {
			s.end(t, vm)
		}
		s.check(t)
	})
}

func (s *sharing) setUp(t *rapid.T, vm int) {
	if err := s.nets[s.driver].Setup(t.Context(), host, drivers.VM{ID: vm}, s.nic); err != nil {
		t.Fatal(err)
	}
	if !s.runs[vm] {
		s.runs[vm] = false
	}
}

func (s *sharing) boot(t *rapid.T, vm int) {
	if up, there := s.runs[vm]; !there || up {
		t.Skip("it does not wait to boot")
	}
	s.runs[vm] = true
	s.k.devices[s.tap(vm)] = map[string]any{"ifname": s.tap(vm), "master": "onebr.5"}
	if err := s.nets[s.driver].Activate(t.Context(), host, drivers.VM{ID: vm}, s.nic); err != nil {
		t.Fatal(err)
	}
}

func (s *sharing) end(t *rapid.T, vm int) {
	delete(s.k.devices, s.tap(vm))
	delete(s.runs, vm)
	if err := s.nets[s.driver].Clean(t.Context(), host, drivers.VM{ID: vm}, s.nic); err != nil {
		t.Fatal(err)
	}
}

// change changes the uplink of the network. There are no booting VMs then, as these are updated
// later.
func (s *sharing) change(t *rapid.T) {
	if slices.Contains(slices.Collect(maps.Values(s.runs)), false) {
		t.Skip("a VM boots")
	}
	was := s.nic
	s.nic = with(s.nic, "PHYDEV", rapid.SampledFrom([]string{"p0", "p1"}).Draw(t, "phydev"), "VLAN_ID", rapid.StringMatching(`[5-7]`).Draw(t, "VLAN"))
	for range s.runs {
		if err := s.nets[s.driver].(drivers.Rewirer).Rewire(t.Context(), host, s.nic, []drivers.NIC{was}); err != nil {
			t.Fatal(err)
		}
	}
}

// restart forgets which VMs are booting: their effects are still queued, and set them up again.
func (s *sharing) restart(t *rapid.T) {
	var err error
	if s.nets, err = Drivers(s.k, Settings{}); err != nil {
		t.Fatal(err)
	}
	for vm, up := range s.runs {
		if !up {
			s.setUp(t, vm)
		}
	}
}

func (s *sharing) check(t *rapid.T) {
	want := []string{"p0", "p1"}
	uplink := s.nic.Attrs.Get("PHYDEV")
	if s.driver == "802.1Q" || s.driver == "vxlan" {
		uplink = fmt.Sprintf("%s.%s", uplink, s.nic.Attrs.Get("VLAN_ID"))
	}
	if len(s.runs) > 0 {
		want = append(want, "onebr.5", uplink)
		if master := s.k.devices[uplink]["master"]; master != "onebr.5" {
			t.Fatalf("%s is on %v", uplink, master)
		}
	}
	for vm, up := range s.runs {
		if up {
			want = append(want, s.tap(vm))
		}
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(s.k.devices)); !slices.Equal(got, slices.Compact(want)) {
		t.Fatalf("with %v VMs there are %v, want %v", s.runs, got, want)
	}
}
