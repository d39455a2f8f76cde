package bridge

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// with is a NIC with more, or other, attributes.
func with(nic drivers.NIC, more ...string) drivers.NIC {
	nic.Attrs = nic.Attrs.Clone()
	for i := 0; i < len(more); i += 2 {
		nic.Attrs.Set(more[i], more[i+1])
	}
	return nic
}

var inVLAN = nicOn(attr.Pair{Key: "BRIDGE", Value: "onebr.5"}, attr.Pair{Key: "PHYDEV", Value: "p0"}, attr.Pair{Key: "VLAN_ID", Value: "5"})

func TestContractOf8021QInMemory(t *testing.T) {
	t.Parallel()
	drivertest.RunNetwork(t, func(*testing.T) drivertest.Network {
		k := newKernel("p0")
		return drivertest.Network{Driver: &Firewall{over(k, tagged)}, Host: host, NIC: inVLAN, Ready: func(t *testing.T) bool {
			bridge, device := k.devices["onebr.5"], k.devices["p0.5"]
			if (bridge == nil) != (device == nil) {
				t.Errorf("bridge exists: %v, device exists: %v", bridge, device)
			}
			return device != nil && device["master"] == "onebr.5"
		}}
	})
}

// withVLANs is a lab whose kernel supports 802.1Q.
func withVLANs(t *testing.T) lab {
	t.Helper()
	l := withPHY(t)
	if _, err := l.run("ip", "link", "add", "link", "p0", "name", "p0.9", "type", "vlan", "id", "9"); err != nil {
		t.Skip("this kernel makes no VLAN devices (8021q), only the one in memory was tried: ", err)
	}
	l.ip(t, "link delete dev p0.9")
	return l
}

func TestContractOf8021Q(t *testing.T) {
	t.Parallel()
	drivertest.RunNetwork(t, func(t *testing.T) drivertest.Network {
		l := withVLANs(t)
		return drivertest.Network{Driver: over(l.n.shell, tagged), Host: host, NIC: inVLAN, Ready: func(t *testing.T) bool {
			return l.has(t, "onebr.5") && l.has(t, "p0.5@p0")
		}}
	})
}

// TestIPReadsTheCommandFor8021Q: ip understands the command; if the kernel does not support
// VLANs, the error is the kernel's.
func TestIPReadsTheCommandFor8021Q(t *testing.T) {
	t.Parallel()
	l := withPHY(t)
	u, err := tagged(with(inVLAN, "IP_LINK_CONF", "gvrp=on,reorder_hdr=off,protocol=802.1ad"), Settings{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.run(append([]string{"ip", "link", "add"}, u.add...)...)
	if err != nil && !strings.Contains(err.Error(), "Unknown device type") {
		t.Errorf("ip link add %s: %v", strings.Join(u.add, " "), err)
	}
}

func TestCommandsOf8021Q(t *testing.T) {
	t.Parallel()
	k := newKernel("p0")
	n := over(k, tagged)
	nic := with(inVLAN, "MTU", "1400", "IP_LINK_CONF", "gvrp=on")
	for range 2 { // the second time there is nothing to do
		if err := n.Setup(t.Context(), host, drivers.VM{ID: 7}, nic); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"ip link add name onebr.5 type bridge forward_delay 0", "ip link set dev onebr.5 alias renkei",
		"ip link set dev p0 up",
		"ip link add link p0 name p0.5 mtu 1400 type vlan id 5 gvrp on", "ip link set dev p0.5 alias renkei",
		"ip link set dev p0.5 master onebr.5", "ip link set dev p0.5 up", "ip link set dev onebr.5 up",
	}
	if diff := cmp.Diff(want, k.takeAsked()); diff != "" {
		t.Errorf("Setup (-want +got):\n%s", diff)
	}
	restarted := over(k, tagged)
	if err := restarted.Clean(t.Context(), host, drivers.VM{ID: 7}, nic); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"ip link delete dev p0.5", "ip link delete dev onebr.5 type bridge"}, k.takeAsked()); diff != "" {
		t.Errorf("Clean after a restart (-want +got):\n%s", diff)
	}
}

// TestRewireOf8021Q changes each attribute that a network may change.
func TestRewireOf8021Q(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		now  drivers.NIC
		want []string
	}{
		"VLAN_ID": {with(inVLAN, "VLAN_ID", "6"), []string{
			"ip link delete dev p0.5", "ip link add link p0 name p0.6 mtu 1500 type vlan id 6", "ip link set dev p0.6 alias renkei",
			"ip link set dev p0.6 master onebr.5", "ip link set dev p0.6 up",
		}},
		"PHYDEV": {with(inVLAN, "PHYDEV", "p1"), []string{
			"ip link delete dev p0.5", "ip link set dev p1 up",
			"ip link add link p1 name p1.5 mtu 1500 type vlan id 5", "ip link set dev p1.5 alias renkei",
			"ip link set dev p1.5 master onebr.5", "ip link set dev p1.5 up",
		}},
		"MTU":       {with(inVLAN, "MTU", "1300"), []string{"ip link set dev p0.5 mtu 1300"}},
		"no PHYDEV": {with(inVLAN, "PHYDEV", ""), []string{"ip link delete dev p0.5"}},
		"bandwidth": {inVLAN, nil},
	} {
		k := newKernel("p0", "p1")
		n := over(k, tagged)
		if err := n.Setup(t.Context(), host, drivers.VM{ID: 7}, inVLAN); err != nil {
			t.Fatal(err)
		}
		k.takeAsked()
		for range 2 {
			if err := n.Rewire(t.Context(), host, c.now, []drivers.NIC{inVLAN, with(inVLAN, "VLAN_ID", "")}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if diff := cmp.Diff(c.want, k.takeAsked()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRefusalsOfUplinks(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		w   wiring
		nic drivers.NIC
	}{
		`VLAN_ID is ""`:                        {tagged, with(inVLAN, "VLAN_ID", "")},
		`VLAN_ID is "4095"`:                    {tagged, with(inVLAN, "VLAN_ID", "4095")},
		`VLAN_ID is "5 type"`:                  {tagged, with(inVLAN, "VLAN_ID", "5 type")},
		`VLAN_ID is "+5"`:                      {tagged, with(inVLAN, "VLAN_ID", "+5")},
		`VLAN_ID is "16777216"`:                {tunnel, with(inVLAN, "VLAN_ID", "16777216")},
		`MTU is "9000; reboot"`:                {tagged, with(inVLAN, "MTU", "9000; reboot")},
		`MTU is "67"`:                          {tunnel, with(inVLAN, "MTU", "67")},
		"more than 15 characters":              {tagged, with(inVLAN, "PHYDEV", "enp133s0f0np0", "VLAN_ID", "99")},
		"cannot be the name":                   {tagged, with(inVLAN, "PHYDEV", "p0 name x")},
		`"netns" is none of`:                   {tagged, with(inVLAN, "IP_LINK_CONF", "netns=1")},
		`gvrp cannot be "on loose_binding on"`: {tagged, with(inVLAN, "IP_LINK_CONF", "gvrp=on loose_binding on")},
		`nolearning cannot be "external"`:      {tunnel, with(inVLAN, "IP_LINK_CONF", "nolearning=external")},
		"that of p0 on host vh1 is 1500":       {tagged, with(inVLAN, "MTU", "9000")},
		"has no device eth9":                   {tagged, with(inVLAN, "PHYDEV", "eth9")},
		"belongs to onebr.8 already":           {tagged, with(inVLAN, "VLAN_ID", "8")},
		"is not the 802.1Q VLAN 7 of p0":       {tagged, with(inVLAN, "VLAN_ID", "7")},
		"leads to the VLAN 8 by p0.8":          {tagged, with(inVLAN, "BRIDGE", "onebr.8", "CONF", "validate_vlan_id=yes")},
		"is not a bridge":                      {tagged, with(inVLAN, "BRIDGE", "p0")},
		`VXLAN_MODE is "unicast"`:              {tunnel, with(inVLAN, "VXLAN_MODE", "unicast")},
		`VXLAN_TEP is "p0"`:                    {tunnel, with(inVLAN, "VXLAN_MODE", "evpn", "VXLAN_TEP", "p0")},
		`VXLAN_MC is "here"`:                   {tunnel, with(inVLAN, "VXLAN_MC", "here")},
		"no multicast address":                 {tunnel, with(inVLAN, "VXLAN_MC", "239.255.255.255")},
		`vxlan_ttl is "256"`:                   {tunnel, with(inVLAN, "CONF", "vxlan_ttl=256")},
		"no IP address":                        {tunnel, with(inVLAN, "VXLAN_MODE", "evpn", "VXLAN_TEP", "local_ip")},
	} {
		k := newKernel("p0")
		for _, made := range []string{"add name onebr.8 type bridge", "add link p0 name p0.8 type vlan id 8", "set dev p0.8 master onebr.8", "add name p0.7 type vxlan id 7 dev p0"} {
			if err := k.link(strings.Fields(made)); err != nil {
				t.Fatal(err)
			}
		}
		err := over(k, c.w).Setup(t.Context(), host, drivers.VM{ID: 7}, c.nic)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Setup = %v, want an error that says %q", err, want)
		}
		if asked := k.takeAsked(); len(asked) > 0 {
			t.Errorf("refused (%s), and yet the host was asked %q", want, asked)
		}
	}
}

// TestWhatIsLeftOfUplinks: bridges to be kept, bridges of the administrator, and devices of the
// administrator are not deleted.
func TestWhatIsLeftOfUplinks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before []string
		nic    drivers.NIC
		want   []string
	}{
		"kept":    {nil, with(inVLAN, "CONF", "keep_empty_bridge=true"), nil},
		"bridge":  {[]string{"add name onebr.5 type bridge"}, inVLAN, []string{"ip link delete dev p0.5"}},
		"device":  {[]string{"add link p0 name p0.5 type vlan id 5"}, inVLAN, []string{"ip link delete dev onebr.5 type bridge"}},
		"another": {[]string{"add link p0 name p0.6 type vlan id 6", "set dev p0.6 alias renkei"}, inVLAN, []string{"ip link delete dev p0.5", "ip link delete dev onebr.5 type bridge"}},
	} {
		k := newKernel("p0")
		for _, made := range c.before {
			if err := k.link(strings.Fields(made)); err != nil {
				t.Fatal(err)
			}
		}
		n := over(k, tagged)
		if err := n.Setup(t.Context(), host, drivers.VM{ID: 7}, c.nic); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		k.takeAsked()
		if err := n.Clean(t.Context(), host, drivers.VM{ID: 7}, c.nic); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, k.takeAsked()); diff != "" {
			t.Errorf("%s: Clean (-want +got):\n%s", name, diff)
		}
	}
}
