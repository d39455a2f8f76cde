package placement

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDevices: VMs go where a device is free that they want, and take it.
func TestDevices(t *testing.T) {
	t.Parallel()
	gpu := Device{Vendor: 0x10de, Device: 0x863, Class: 0x302}
	disk := Device{Address: "02:00.0", Vendor: 0x1b21, Device: 0xaa7, Class: 0xc03}
	s := Situation{VMs: vms(6, 1, 1, Wishes{}), Hosts: hosts(3, 800, 1<<20), Datastores: stores()}
	s.Hosts[1].Devices = []Device{disk, gpu}
	s.Hosts[2].Devices = []Device{gpu}
	for i, want := range [][]Device{{{Class: 0x302}}, {{Vendor: 0x1b21}, {Class: 0x302}}, {{Device: 0x863}}, {{Address: "02:00.0"}}, nil, {{}, {}}} {
		s.VMs[i].Devices = want
	}
	got := Decide(s)
	if diff := cmp.Diff([]int{1, -1, 2, 1, 0, -1}, places(got)); diff != "" {
		t.Errorf("hosts (-want +got):\n%s", diff)
	}
	if why := got[5].Reason; !strings.Contains(why, "node1: no free PCI device") {
		t.Errorf("the reason is %q", why)
	}
}

func TestWhoNamesADeviceChoosesFirst(t *testing.T) {
	t.Parallel()
	a, b := Device{Address: "a", Vendor: 1}, Device{Address: "b", Vendor: 1}
	if left, enough := without([]Device{a, b}, []Device{{Vendor: 1}, {Address: "a"}}); !enough || len(left) != 0 {
		t.Errorf("left %v, %v; want nothing, and enough", left, enough)
	}
	if _, enough := without([]Device{a, b}, []Device{{Address: "a"}, {Address: "a"}}); enough {
		t.Error("one device was given twice")
	}
}
