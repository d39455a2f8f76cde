package bridge

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// asks compares the changes that a host was asked for with want, which has a command per line.
func asks(t *testing.T, k *kernel, when, want string) {
	t.Helper()
	got := strings.Join(k.takeAsked(), "\n")
	if diff := cmp.Diff(strings.TrimSpace(strings.ReplaceAll(want, "\t", "")), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestTrunkOf8021Q has VLANs in a VLAN (Q-in-Q), which change while a VM uses them.
func TestTrunkOf8021Q(t *testing.T) {
	t.Parallel()
	k := newKernel("p0", "one-7-0")
	n, vm := over(k, tagged), drivers.VM{ID: 7}
	nic := with(inVLAN, "CVLANS", "200, 310-300")
	must(t, n.Setup(t.Context(), host, vm, inVLAN))
	k.takeAsked()
	must(t, n.Rewire(t.Context(), host, nic, []drivers.NIC{inVLAN}))
	asks(t, k, "it becomes a trunk", `
		bridge vlan del dev p0.5 vid 2-4094
		bridge vlan add dev p0.5 vid 5 pvid untagged
		bridge vlan add dev p0.5 vid 200
		bridge vlan add dev p0.5 vid 300-310
		bridge vlan add dev p0.5 vid 5 pvid untagged
		bridge vlan add dev p0.5 vid 200
		bridge vlan add dev p0.5 vid 300-310
		ip link set dev onebr.5 type bridge vlan_filtering 1`)
	must(t, k.link(strings.Fields("set dev one-7-0 master onebr.5")))
	must(t, n.Setup(t.Context(), host, vm, nic))
	asks(t, k, "Setup of what is there", "")
	must(t, n.Activate(t.Context(), host, vm, nic))
	asks(t, k, "Activate", `
		bridge vlan add dev one-7-0 vid 5 pvid untagged
		bridge vlan add dev one-7-0 vid 200
		bridge vlan add dev one-7-0 vid 300-310`)
	must(t, n.Rewire(t.Context(), host, inVLAN, []drivers.NIC{nic}))
	if got := k.takeAsked(); len(got) != 3 || got[2] != "ip link set dev onebr.5 type bridge vlan_filtering 0" {
		t.Errorf("it is no trunk any more: %q", got)
	}
}

func TestTrunkOfABridge(t *testing.T) {
	t.Parallel()
	k := newKernel("p0", "tap7")
	n, vm := over(k, trunked), drivers.VM{ID: 7}
	nic := with(made, "VLAN_TAGGED_ID", "20", "TARGET", "tap7")
	must(t, n.Setup(t.Context(), host, vm, nic))
	asks(t, k, "Setup", `
		ip link add name br7 type bridge forward_delay 0
		ip link set dev br7 alias renkei
		ip link set dev p0 up
		ip link set dev p0 master br7
		ip link set dev br7 up
		bridge vlan add dev p0 vid 20
		ip link set dev br7 type bridge vlan_filtering 1`)
	must(t, n.Activate(t.Context(), host, vm, nic))
	asks(t, k, "Activate", "bridge vlan add dev tap7 vid 20")
}

func TestRefusalsOfTrunks(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"4095", "0", "1-", "-1", "1-2-3", "5 vid 6 self", "1,,2", "all"} {
		nic := nicOn(attr.Pair{Key: "CVLANS", Value: text})
		if got, err := trunkOf(nic, "CVLANS", 5); err == nil {
			t.Errorf("%q was parsed as %v", text, got)
		}
	}
}
