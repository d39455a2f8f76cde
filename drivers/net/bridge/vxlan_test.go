package bridge

import (
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
)

var inVXLAN = with(inVLAN, "BRIDGE", "onebr.100", "VLAN_ID", "100")

// withVXLANs is a lab whose kernel supports VXLAN.
func withVXLANs(t *testing.T) lab {
	t.Helper()
	l := withPHY(t)
	if _, err := l.run("ip", "link", "add", "name", "x0", "type", "vxlan", "id", "9", "dev", "p0"); err != nil {
		t.Skip("this kernel makes no VXLANs: ", err)
	}
	l.ip(t, "link delete dev x0")
	l.n = over(l.n.shell, tunnel)
	return l
}

func TestContractOfVXLAN(t *testing.T) {
	t.Parallel()
	drivertest.RunNetwork(t, func(t *testing.T) drivertest.Network {
		l := withVXLANs(t)
		return drivertest.Network{Driver: l.n, Host: host, NIC: inVXLAN, Ready: func(t *testing.T) bool {
			bridge, device := l.has(t, "onebr.100"), l.has(t, "p0.100")
			if bridge != device {
				t.Errorf("bridge exists: %v, device exists: %v", bridge, device)
			}
			return device
		}}
	})
}

// TestVXLANOfTheKernel compares the wanted options with those of the created device.
func TestVXLANOfTheKernel(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		nic  drivers.NIC
		want []string
	}{
		"multicast": {inVXLAN, []string{"mtu 1450 ", "master onebr.100", "vxlan id 100 group 239.0.0.100 dev p0", " ttl 16 "}},
		"settings": {
			with(inVXLAN, "MTU", "1400", "VXLAN_MC", "239.1.255.255", "CONF", "vxlan_ttl=3", "IP_LINK_CONF", "dstport=4789,nolearning=,gvrp=on"),
			[]string{"mtu 1400 ", "group 239.2.0.99 dev p0", " ttl 3 ", "dstport 4789", " nolearning "},
		},
		"evpn":          {with(inVXLAN, "VXLAN_MODE", "EVPN"), []string{"vxlan id 100 dev p0", " nolearning "}},
		"evpn local_ip": {with(inVXLAN, "VXLAN_MODE", "evpn", "VXLAN_TEP", "local_ip"), []string{"vxlan id 100 local 10.3.0.1 ", " nolearning "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := withVXLANs(t)
			l.ip(t, "addr add 127.3.0.1/32 dev p0")
			l.ip(t, "addr add 10.3.0.1/24 dev p0")
			for range 2 {
				if err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, c.nic); err != nil {
					t.Fatal(err)
				}
			}
			got := l.ip(t, "-o -details link show dev p0.100")
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("there is no %q in %s", want, got)
				}
			}
		})
	}
}

// TestRewireOfVXLAN: a change that comes twice, on a real kernel.
func TestRewireOfVXLAN(t *testing.T) {
	t.Parallel()
	l := withVXLANs(t)
	if err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, inVXLAN); err != nil {
		t.Fatal(err)
	}
	for _, now := range []drivers.NIC{
		with(inVXLAN, "MTU", "1300"), with(inVXLAN, "MTU", "9000"), with(inVXLAN, "VLAN_ID", "200", "MTU", "1200"), with(inVXLAN, "PHYDEV", "p1"),
	} {
		for range 2 {
			if err := l.n.Rewire(t.Context(), host, now, []drivers.NIC{inVXLAN, with(inVXLAN, "VLAN_ID", "200")}); err != nil {
				t.Fatal(err)
			}
		}
		device := now.Attrs.Get("PHYDEV") + "." + now.Attrs.Get("VLAN_ID")
		mtu := map[string]string{"1300": "1300", "9000": "1450", "1200": "1200", "": "1450"}[now.Attrs.Get("MTU")]
		got := l.ip(t, "-o link show master onebr.100")
		if strings.Count(got, "\n") != 1 || !strings.Contains(got, " "+device+": ") || !strings.Contains(got, " mtu "+mtu+" ") {
			t.Errorf("want %s with MTU %s on the bridge, there is %s", device, mtu, got)
		}
	}
}

// TestTwoHostsInAVXLAN has guests on two hosts reach each other. The hosts are connected by a
// veth pair.
func TestTwoHostsInAVXLAN(t *testing.T) {
	t.Parallel()
	one, two := withVXLANs(t), newLab(t)
	two.n = over(two.n.shell, tunnel)
	one.ip(t, "link set dev p1 netns "+strconv.Itoa(two.pid))
	two.ip(t, "link set dev p1 name p0")
	for l, address := range map[*lab]string{&one: "10.3.0.1/24", &two: "10.3.0.2/24"} {
		l.ip(t, "addr add "+address+" dev p0")
		if err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, with(inVXLAN, "BRIDGE", "br7")); err != nil {
			t.Fatal(err)
		}
	}
	server, client := one.plug(t, 7, "10.9.0.1"), two.plug(t, 8, "10.9.0.2")
	err := in(t, server, func() error {
		ear, err := net.Listen("tcp", "10.9.0.1:22")
		if err == nil {
			t.Cleanup(func() { ear.Close() })
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = in(t, client, func() error {
		c, err := net.DialTimeout("tcp", "10.9.0.1:22", time.Minute)
		if err == nil {
			c.Close()
		}
		return err
	})
	if err != nil {
		t.Errorf("the guests do not reach each other: %v\n%s", err, one.ip(t, "-details link show"))
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Settings{
		"":                  {Conf: "vxlan_mtu=1450, VXLAN_TTL=4", LinkConf: "nolearning=,tos=8"},
		`"vxlan_mut" is no`: {Conf: "vxlan_mut=1450"},
		`"dev" is none of`:  {LinkConf: "dev=eth1"},
	} {
		all, err := Drivers(nil, s)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) || err == nil && len(all) != 4 {
			t.Errorf("%v: %d drivers and %v, want an error that says %q", s, len(all), err, want)
		}
	}
	u, err := tunnel(with(inVXLAN, "CONF", "vxlan_ttl=7,arp_cache_poisoning=no", "IP_LINK_CONF", "tos=__delete__"), Settings{Conf: "vxlan_mtu=1450, VXLAN_TTL=4", LinkConf: "nolearning=,tos=8"})
	if err != nil {
		t.Fatal(err)
	}
	want := "name p0.100 mtu 1450 type vxlan id 100 ttl 7 group 239.0.0.100 dev p0 nolearning"
	if diff := cmp.Diff(want, strings.Join(u.add, " ")); diff != "" {
		t.Errorf("what networks say goes before what holds for all:\n%s", diff)
	}
}
