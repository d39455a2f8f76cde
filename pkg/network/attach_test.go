package network_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func pairs(a attr.Attr) map[string]string {
	m := map[string]string{}
	for _, p := range a.Vector {
		m[p.Key] = p.Value
	}
	return m
}

func TestAttachFillsTheNIC(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.allocate(admin, `NAME=net1
VN_MAD=dummy
BRIDGE=br0
GATEWAY=192.168.0.1
DNS="8.8.8.8"
DESCRIPTION="not for NICs"
SECURITY_GROUPS="101"
AR=[TYPE=IP4, IP=192.168.0.10, SIZE=100, MTU=1400, SECURITY_GROUPS="100"]`); err != nil {
		t.Fatal(err)
	}
	nic, err := w.attach(7, `NETWORK=net1, NIC_ID=3, MODEL=virtio, SECURITY_GROUPS="9"`)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"AR_ID": "0", "BRIDGE": "br0", "BRIDGE_TYPE": "linux", "CLUSTER_ID": "0", "DNS": "8.8.8.8",
		"GATEWAY": "192.168.0.1", "IP": "192.168.0.10", "MAC": "02:00:c0:a8:00:0a", "MODEL": "virtio", "MTU": "1400",
		"NETWORK": "net1", "NETWORK_ID": "0", "NIC_ID": "3", "SECURITY_GROUPS": "0,9,100,101",
		"TARGET": "one-7-3", "VN_MAD": "dummy",
	}
	if diff := cmp.Diff(want, pairs(nic)); diff != "" {
		t.Errorf("NIC (-want +got):\n%s", diff)
	}
}

func TestAddressesOfEachType(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ar   string
		want map[string]string
	}{
		{`TYPE=ETHER, SIZE=9, MAC="02:00:00:00:00:ff"`, map[string]string{"MAC": "02:00:00:00:01:00"}},
		{`TYPE=ip4, SIZE=9, IP=10.0.0.255`, map[string]string{"MAC": "02:00:0a:00:01:00", "IP": "10.0.1.0"}},
		{`TYPE=IP6, SIZE=9, MAC="02:00:0a:00:00:01", GLOBAL_PREFIX="2001:db8::", ULA_PREFIX="fd00::"`, map[string]string{
			"MAC": "02:00:0a:00:00:02", "IP6_LINK": "fe80::aff:fe00:2", "IP6_ULA": "fd00::aff:fe00:2", "IP6_GLOBAL": "2001:db8::aff:fe00:2",
		}},
		{`TYPE=IP4_6, SIZE=9, IP=10.2.0.1, GLOBAL_PREFIX="2001:db8:1::"`, map[string]string{
			"MAC": "02:00:0a:02:00:02", "IP": "10.2.0.2", "IP6_LINK": "fe80::aff:fe02:2", "IP6_GLOBAL": "2001:db8:1::aff:fe02:2",
		}},
		{`TYPE=IP6_STATIC, SIZE=9, IP6="2001:db8:2::ffff:ffff", PREFIX_LENGTH=64, MAC="02:00:0b:00:00:01"`, map[string]string{
			"MAC": "02:00:0b:00:00:02", "IP6": "2001:db8:2::1:0:0",
		}},
		{`TYPE=IP4_6_STATIC, SIZE=9, IP=10.3.0.1, IP6="2001:db8:3::9", PREFIX_LENGTH=64`, map[string]string{
			"MAC": "02:00:0a:03:00:02", "IP": "10.3.0.2", "IP6": "2001:db8:3::a",
		}},
		{`TYPE=IP4, SIZE=9, IP=10.4.0.1, PORT_START=1000, PORT_SIZE=100`, map[string]string{
			"MAC": "02:00:0a:04:00:02", "IP": "10.4.0.2", "EXTERNAL_PORT_RANGE": "1101:1200", "INTERNAL_PORT_RANGE": "1-100/1101",
		}},
	} {
		w := open(t)
		n := w.get(w.net("n", c.ar))
		if len(n.ARs) != 1 {
			t.Errorf("%s: %s", c.ar, n.Template.Get("ERROR"))
			continue
		}
		g := n.ARs[0].Range()
		var got attr.Attr
		g.Describe(1, &got)
		if diff := cmp.Diff(c.want, pairs(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.ar, diff)
		}
	}
}

func TestAddressesAskedFor(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=IP4_6_STATIC, SIZE=10, IP=10.0.0.1, IP6="fd00::1", PREFIX_LENGTH=64`)
	refused := "Cannot get IP/MAC lease from virtual network 0."
	for _, c := range []struct{ nic, ip, err string }{
		{`IP=10.0.0.5`, "10.0.0.5", ""},
		{`IP=10.0.0.5`, "", refused},
		{`MAC="02:00:0a:00:00:05"`, "", refused},
		{`MAC="2:0:a:0:0:6"`, "10.0.0.6", ""},
		{`MAC="06:00:0a:00:00:07"`, "", refused},
		{`IP6="fd00::2"`, "10.0.0.2", ""},
		{`IP6="fd00:0:0:1::3"`, "", refused},
		{`IP=10.0.0.11`, "", refused},
		{`IP=10.0.0.0`, "", refused},
		{`IP=x`, "", refused},
		{`IP=10.0.0.8, MAC="02:00:0a:00:00:08"`, "", refused},
		{``, "10.0.0.1", ""},
		{``, "10.0.0.3", ""},
	} {
		nic, err := w.attach(1, "NETWORK_ID="+id(n)+sep(c.nic)+c.nic)
		if got := message(err); got != c.err || err == nil && nic.Get("IP") != c.ip {
			t.Errorf("NIC [%s]: got %q, %q; want %q, %q", c.nic, nic.Get("IP"), got, c.ip, c.err)
		}
	}
}

func sep(s string) string {
	if s == "" {
		return ""
	}
	return ", "
}

func TestAddressesAreGivenInTurn(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=IP4, SIZE=3, IP=10.0.0.1`)
	next := func() attr.Attr {
		nic, err := w.attach(1, "NETWORK_ID="+id(n))
		if err != nil {
			t.Fatal(err)
		}
		return nic
	}
	first := next()
	w.detach(1, first)
	var got []string
	for range 3 {
		nic := next()
		got = append(got, nic.Get("IP"))
	}
	if diff := cmp.Diff([]string{"10.0.0.2", "10.0.0.3", "10.0.0.1"}, got); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
	if _, err := w.attach(1, "NETWORK_ID="+id(n)); err == nil {
		t.Error("a full range gave an address")
	}
}

func TestSharedAddresses(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=IP4, SIZE=3, IP=10.0.0.1, SHARED=YES`)
	if _, err := w.attach(1, "NETWORK_ID="+id(n)); err == nil {
		t.Error("a shared range gave an address that nobody asked for")
	}
	var nics []attr.Attr
	for vm := range 3 {
		nic, err := w.attach(vm, "IP=10.0.0.2, NETWORK_ID="+id(n))
		if err != nil {
			t.Fatal(err)
		}
		nics = append(nics, nic)
	}
	if a, b := nics[0].Get("MAC"), nics[1].Get("MAC"); a == b {
		t.Errorf("two VMs have the MAC %s", a)
	}
	for vm, want := range []int{1, 1, 0} {
		w.detach(vm, nics[vm])
		if got := w.leases(); got != want {
			t.Errorf("leases after VM %d left: got %d, want %d", vm, got, want)
		}
	}
	if got := w.get(n).Used(); got != 0 {
		t.Errorf("used: got %d, want 0", got)
	}
}

func TestNICsOfVirtualRouters(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=IP4, SIZE=3, IP=10.0.0.1`)
	router := network.Holder{Kind: one.KindVRouter, ID: 4}
	for _, c := range []struct {
		nic  string
		want map[string]string
	}{
		{"", map[string]string{"NETWORK": "n", "NETWORK_ID": "0"}},
		{", FLOATING_IP=YES", map[string]string{
			"NETWORK": "n", "NETWORK_ID": "0", "FLOATING_IP": "YES", "IP": "10.0.0.1", "MAC": "02:00:0a:00:00:01", "AR_ID": "0",
		}},
	} {
		nic := w.parse("NIC=[NETWORK_ID=" + id(n) + c.nic + "]").Vector("NIC").Clone()
		w.do(func(tx *store.Tx) error { return network.Attach(tx, w.s, router, 0, &nic) })
		if diff := cmp.Diff(c.want, pairs(nic)); diff != "" {
			t.Errorf("NIC%s (-want +got):\n%s", c.nic, diff)
		}
	}
	w.do(func(tx *store.Tx) error { network.ReleaseAll(tx, router); return nil })
	if w.leases() != 0 || w.get(n).Used() != 0 {
		t.Errorf("ReleaseAll left %d leases, %d in use", w.leases(), w.get(n).Used())
	}
	nic, err := w.attach(1, "FLOATING_IP=YES, FLOATING_ONLY=YES, NETWORK_ID="+id(n))
	if err != nil || nic.Has("IP") || !nic.Has("MAC") || w.leases() != 0 {
		t.Errorf("a NIC with floating addresses only: %v, %v", pairs(nic), err)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.allocate(admin, "NAME=a\nVN_MAD=bridge"); err != nil {
		t.Fatal(err)
	}
	w.s.Restricted = nil
	if _, err := w.allocate(alice, "NAME=a\nVN_MAD=bridge"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		uid  int
		nic  string
		want int
		err  string
	}{
		{0, "NETWORK=a", 0, ""},
		{2, "NETWORK=a", 1, ""},
		{0, "NETWORK=a, NETWORK_UID=2", 1, ""},
		{0, "NETWORK=a, NETWORK_UNAME=alice", 1, ""},
		{9, "NETWORK_ID=1, NETWORK=x", 1, ""},
		{0, "NETWORK_ID=4242", -1, "Virtual network with ID: 4242 does not exist"},
		{0, "NETWORK_ID=x", -1, "Virtual network with ID: x does not exist"},
		{0, "NETWORK=a, NETWORK_UID=x", -1, "Cannot get user in NETWORK_UID"},
		{0, "NETWORK=a, NETWORK_UNAME=bob", -1, "User set in NETWORK_UNAME does not exist"},
		{9, "NETWORK=a", -1, "User 9 does not own a network with name: a . Set NETWORK_UNAME or NETWORK_UID of owner in NIC."},
		{0, "MODEL=virtio", -1, "The NIC names no network: set NETWORK_ID or NETWORK."},
	} {
		nic := w.parse("NIC=[" + c.nic + "]").Vector("NIC")
		got, err := network.Resolve(w.st.Read(), c.uid, nic)
		if got != c.want || message(err) != c.err {
			t.Errorf("Resolve(%d, %s) = %d, %q; want %d, %q", c.uid, c.nic, got, message(err), c.want, c.err)
		}
	}
}
