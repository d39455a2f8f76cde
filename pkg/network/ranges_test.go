package network_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func TestWrongRanges(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", "TYPE=ETHER, SIZE=1")
	for _, c := range []struct{ ar, err string }{
		{"IP=10.9.0.1, SIZE=2", "Unknown or missing address range TYPE."},
		{"TYPE=FOO, SIZE=2", "Unknown or missing address range TYPE."},
		{"TYPE=IP4, SIZE=2", "Wrong or empty IP attribute"},
		{"TYPE=IP4, IP=1.2.3, SIZE=5", "Wrong or empty IP attribute"},
		{"TYPE=IP4, IP=1.2.3.4", "Wrong SIZE for address range"},
		{"TYPE=IP4, IP=1.2.3.4, SIZE=-1", "Wrong SIZE for address range"},
		{"TYPE=ETHER, SIZE=2, MAC=zz", "Wrong format for MAC attribute: zz"},
		{`TYPE=ETHER, SIZE=2, MAC="ff:ff:ff:ff:ff:ff"`, "Wrong format for MAC attribute: ff:ff:ff:ff:ff:ff"},
		{"TYPE=IP6, SIZE=2, GLOBAL_PREFIX=x", "Wrong format for IP6 global address prefix"},
		{"TYPE=IP6, SIZE=2, ULA_PREFIX=x", "Wrong format for IP6 unique local address prefix"},
		{"TYPE=IP6_STATIC, SIZE=2", "Wrong or empty IP6 attribute"},
		{`TYPE=IP6_STATIC, SIZE=2, IP6="fd00::1"`, "Wrong or empty PREFIX_LENGTH"},
		{`TYPE=IP6, SIZE=2, SHARED=YES`, "Shared ARs can be only of type IP4 or IP6_STATIC."},
		{`TYPE=ETHER, SIZE=2, IPAM_MAD=acme`, "No IPAM driver acme: leave IPAM_MAD out, addresses are managed here."},
		{`TYPE=IP4, IP=255.255.255.255, SIZE=2`, "SIZE 2 is too much for a range that begins at IP 255.255.255.255"},
		{`TYPE=IP4, IP=255.255.255.255, SIZE=1`, ""},
	} {
		if got := message(w.addAR(admin, n, c.ar)); got != c.err {
			t.Errorf("AR [%s]: got %q, want %q", c.ar, got, c.err)
		}
	}
}

func TestRangesOfIPv6Networks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ ar, size, end string }{
		{`IP6="fd00::", PREFIX_LENGTH=64`, "18446744073709551615", "fd00::ffff:ffff:ffff:fffe"},
		{`IP6="fd00::1", PREFIX_LENGTH=64`, "18446744073709551614", "fd00::ffff:ffff:ffff:fffe"},
		{`IP6="fd00::f0", PREFIX_LENGTH=120`, "16", "fd00::ff"},
		{`IP6="fd00::f0", PREFIX_LENGTH=128`, "1", "fd00::f0"},
		{`IP6="fd00::1", PREFIX_LENGTH=64, SIZE=4294967296`, "4294967296", "fd00::1:0:0"},
	} {
		w := open(t)
		n := w.net("n", `TYPE=IP6_STATIC, MAC="02:00:ff:ff:ff:ff", `+c.ar)
		a := w.get(n).ARs[0]
		g := a.Range()
		ends := map[string]string{}
		for _, p := range g.Ends() {
			ends[p.Key] = p.Value
		}
		if a.Attrs.Get("SIZE") != c.size || ends["IP6_END"] != c.end {
			t.Errorf("%s: SIZE %s, IP6_END %s; want %s, %s", c.ar, a.Attrs.Get("SIZE"), ends["IP6_END"], c.size, c.end)
		}
		for range min(g.Count(), 3) { // the MAC goes on from ff:ff:ff:ff to 00:00:00:00
			nic, err := w.attach(1, "NETWORK=n")
			if err != nil {
				t.Fatal(err)
			}
			w.detach(1, nic)
		}
		if w.leases() != 0 {
			t.Errorf("%s: %d leases are left", c.ar, w.leases())
		}
	}
}

func TestAddressesBeyond32Bits(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=IP6_STATIC, IP6="fd00::", PREFIX_LENGTH=64, MAC="02:00:00:00:00:00"`)
	hold := func(ip string) string { return message(w.with(network.Hold, n, `LEASES=[IP6="`+ip+`"]`)) }
	const outside = "Address is not part of the address range or in use."
	for _, c := range []struct{ ip, want string }{
		{"fd00::ffff:ffff", ""}, {"fd00::ffff:ffff", outside}, {"fd00::1:0:0", outside}, {"fd00:0:0:1::", outside},
	} {
		if got := hold(c.ip); got != c.want {
			t.Errorf("holding %s: got %q, want %q", c.ip, got, c.want)
		}
	}
	if got := message(w.updateAR(admin, n, "AR_ID=0, SIZE=4294967295")); got == "" {
		t.Error("a lease fell out of the range")
	}
	if got := message(w.updateAR(admin, n, "AR_ID=0, SIZE=4294967296")); got != "" {
		t.Errorf("a range of 2^32: %s", got)
	}
}

func TestHugeRangesBesideEachOther(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=ETHER, SIZE=1`)
	for range 2 {
		if err := w.addAR(admin, n, `TYPE=IP6_STATIC, IP6="fd00::", PREFIX_LENGTH=64`); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.with(network.Hold, n, `LEASES=[IP6="fd00::1", AR_ID=1]`); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for vm := range 4 {
		nic, err := w.attach(vm, "NETWORK=n")
		if err != nil {
			t.Fatal(err)
		}
		seen[nic.Get("AR_ID")+" "+nic.Get("IP6")] = true
	}
	want := map[string]bool{"0 ": true, "1 fd00::": true, "1 fd00::2": true, "1 fd00::3": true}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
}

func TestUpdateRange(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=IP4_6, IP=10.0.0.1, SIZE=10, GLOBAL_PREFIX="2001:db8::", MTU=9, X=1`)
	if err := w.updateAR(admin, n, `AR_ID=0, SIZE=20, IP=9.9.9.9, TYPE=ETHER, ULA_PREFIX="fd00::", Y=2, IP_END=x`); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"ALLOCATED": "", "AR_ID": "0", "GLOBAL_PREFIX": "", "IP": "10.0.0.1", "MAC": "02:00:0a:00:00:01", "SHARED": "NO",
		"SIZE": "20", "TYPE": "IP4_6", "ULA_PREFIX": "fd00::", "Y": "2",
	}
	if diff := cmp.Diff(want, pairs(w.get(n).ARs[0].Attrs)); diff != "" {
		t.Errorf("range (-want +got):\n%s", diff)
	}
	for _, c := range []struct{ ar, err string }{
		{"AR_ID=77, SIZE=25", "Address Range with ID 77 was not found."},
		{"SIZE=25", "AR/AR_ID attribute is missing."},
		{"AR_ID=0, SIZE=x", "Unable to read the SIZE attribute, it must be number >= 0"},
		{"AR_ID=0, GLOBAL_PREFIX=x", "Wrong format for IP6 global address prefix"},
	} {
		if got := message(w.updateAR(admin, n, c.ar)); got != c.err {
			t.Errorf("AR [%s]: got %q, want %q", c.ar, got, c.err)
		}
	}
}

func TestReserve(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=IP4, IP=10.0.0.0, SIZE=20, X=1`)
	other := w.net("other", `TYPE=IP4, IP=10.1.0.0, SIZE=20`)
	r1, err := w.reserve(alice, n, "SIZE=5\nNAME=r1")
	if err != nil {
		t.Fatal(err)
	}
	const elsewhere = "Not enough free addresses in address range 0, or it does not exist"
	for _, c := range []struct {
		parent    int
		text, err string
	}{
		{n, "SIZE=4\nNETWORK_ID=" + id(r1) + "\nAR_ID=0\nIP=10.0.0.10", ""},
		{n, "SIZE=4\nNETWORK_ID=" + id(r1) + "\nAR_ID=0\nIP=10.0.0.13", elsewhere},
		{n, "SIZE=4\nNETWORK_ID=" + id(r1) + "\nAR_ID=0\nMAC=\"02:00:0a:00:00:11\"", elsewhere},
		{n, "SIZE=4\nNETWORK_ID=" + id(r1) + "\nAR_ID=0\nIP=x", elsewhere},
		{n, "SIZE=4\nNETWORK_ID=" + id(r1) + "\nIP=10.0.0.10", "AR_ID must be specified for IP/MAC based reservations"},
		{n, "SIZE=1\nNAME=r1", "NAME is already taken by NET " + id(r1) + "."},
		{n, "SIZE=5", "NAME for reservation has to be set"},
		{n, "NAME=r9", "Reservation SIZE must be a greater than 0"},
		{n, "SIZE=500\nNAME=r9", "Not enough free addresses in an address range"},
		{n, "SIZE=7\nNAME=r9", "Not enough free addresses in an address range"},
		{n, "SIZE=1\nNAME=r9\nAR_ID=4", "Not enough free addresses in address range 4, or it does not exist"},
		{n, "SIZE=1\nNETWORK_ID=-1", "NETWORK_ID must be equal or greater than 0"},
		{n, "SIZE=1\nNETWORK_ID=" + id(n), "Cannot add a reservation from the same network"},
		{n, "SIZE=1\nNETWORK_ID=" + id(other), "Cannot add reservations to a non-reservation VNET"},
		{other, "SIZE=1\nNETWORK_ID=" + id(r1), "New reservations for virtual network " + id(r1) + " have to be from network 0"},
		{n, "SIZE=1\nNETWORK_ID=4242", "Error getting virtual network [4242]."},
		{r1, "SIZE=2\nNAME=r3", "Cannot reserve addresses from a reserved VNET"},
	} {
		if _, err := w.reserve(alice, c.parent, c.text); message(err) != c.err {
			t.Errorf("reserve(%d, %q): got %q, want %q", c.parent, c.text, message(err), c.err)
		}
	}
	second := w.get(r1).ARs[1]
	want := map[string]string{
		"AR_ID": "1", "IP": "10.0.0.10", "MAC": "02:00:0a:00:00:0a", "PARENT_NETWORK_AR_ID": "0",
		"SHARED": "NO", "SIZE": "4", "TYPE": "IP4", "X": "1",
	}
	if diff := cmp.Diff(want, pairs(second.Attrs)); diff != "" {
		t.Errorf("range (-want +got):\n%s", diff)
	}
	if got := message(w.updateAR(admin, r1, "AR_ID=1, SIZE=9")); got != "The SIZE of a reservation cannot be changed." {
		t.Errorf("resizing: %q", got)
	}
}

func TestHugeReservationsAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=IP6, SIZE=4294967295, GLOBAL_PREFIX="2001:db8::"`)
	_, err := w.reserve(alice, n, "NAME=r\nSIZE=2000000000")
	if want := "Reservation SIZE must not be greater than 65536: reserve the rest with more calls"; message(err) != want {
		t.Errorf("got %q, want %q", message(err), want)
	}
}

// limit gives alice room for n leases of network 0.
func (w *world) limit(n string) {
	w.do(func(tx *store.Tx) error {
		return quota.SetLimits(tx, quota.Users, alice.UID, w.parse("NETWORK=[ID=0, LEASES="+n+"]"), nil)
	})
}

func TestReservationsCountAsLeases(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=IP4, IP=10.0.0.0, SIZE=20`)
	w.limit("5")
	const full = "user [2] limit of 5 reached for LEASES quota in NETWORK with ID: 0."
	if _, err := w.reserve(alice, n, "SIZE=6\nNAME=r"); message(err) != "User [2] : "+full {
		t.Errorf("reserving too many: %q", message(err))
	}
	if w.leases() != 0 {
		t.Errorf("a refused reservation left %d leases", w.leases())
	}
	r, err := w.reserve(admin, n, "SIZE=6\nNAME=r")
	if err != nil {
		t.Fatal(err)
	}
	toAlice := func() error {
		return w.try(func(tx *store.Tx) error {
			return network.Kind.Chown(tx, admin, r, ownership(alice))
		})
	}
	if got := message(toAlice()); got != "User [0] : "+full {
		t.Errorf("chown beyond the limit: %q", got)
	}
	w.limit("6")
	if got := message(toAlice()); got != "" {
		t.Errorf("chown within the limit: %q", got)
	}
	if got := leasesCounted(w.st.Read(), alice.UID, n); got != "6" {
		t.Errorf("alice's leases: got %s, want 6", got)
	}
	if err := w.removeAR(n, 0, true); err != nil {
		t.Fatal(err)
	}
	if got := leasesCounted(w.st.Read(), alice.UID, n); got != "0" || w.leases() != 0 {
		t.Errorf("after the range was removed by force: counted %s, %d leases; want none", got, w.leases())
	}
	w.do(func(tx *store.Tx) error { return network.Delete(tx, r) })
}

func TestACLRulesOfClustersDoNotApplyToReservations(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=IP4, IP=10.0.0.0, SIZE=20`)
	r, err := w.reserve(admin, n, "SIZE=6\nNAME=r")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int][]int{n: {0}, r: nil} {
		_, clusters, err := network.Kind.Look(w.st.Read(), id)
		if diff := cmp.Diff(want, clusters); diff != "" || err != nil {
			t.Errorf("network %d (-want +got):\n%s%v", id, diff, err)
		}
	}
}

func TestHoldAndReleaseMessages(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", `TYPE=IP4, IP=10.0.0.0, SIZE=20`)
	const no = "Address is not part of the address range or in use."
	for _, c := range []struct{ lease, hold, release string }{
		{"FOO=[IP=10.0.0.1]", "Empty lease description.", "Empty lease description."},
		{"LEASES=[VM=1]", "Missing MAC, IP or IP6.", "Missing MAC, IP or IP6."},
		{"LEASES=[IP=10.0.0.1, MAC=x]", "Only one attribute MAC, IP or IP6 can be set.", "Only one attribute MAC, IP or IP6 can be set."},
		{"LEASES=[IP=abc]", no, ""},
		{"LEASES=[IP=10.0.0.1, AR_ID=9]", no, ""},
		{"LEASES=[MAC=\"02:00:0a:00:00:01\"]", "", ""},
	} {
		if got := message(w.with(network.Hold, n, c.lease)); got != c.hold {
			t.Errorf("hold %s: got %q, want %q", c.lease, got, c.hold)
		}
		if got := message(w.with(network.Release, n, c.lease)); got != c.release {
			t.Errorf("release %s: got %q, want %q", c.lease, got, c.release)
		}
	}
	if w.leases() != 0 {
		t.Errorf("%d leases are left", w.leases())
	}
	nic, err := w.attach(3, "NETWORK=n")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.with(network.Release, n, "LEASES=[IP="+nic.Get("IP")+"]"); err != nil || w.leases() != 1 {
		t.Errorf("releasing what a VM has: %v, %d leases; want it to stay", err, w.leases())
	}
	err = w.try(func(tx *store.Tx) error { return network.Delete(tx, n) })
	if want := "Cannot delete virtual network. Can not remove a virtual network with leases in use"; message(err) != want {
		t.Errorf("delete: got %q, want %q", message(err), want)
	}
}

// TestBoundLimitsARuleToTheRange, for ranges of each type.
func TestBoundLimitsARuleToTheRange(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"AR=[AR_ID=0,TYPE=IP4,IP=10.0.0.1,MAC=\"02:00:0a:00:00:01\",SIZE=4,VLAN_ID=3]":                              `R=[AR_ID=0,TYPE=IP4,SIZE=4,MAC="02:00:0a:00:00:01",IP=10.0.0.1]`,
		"AR=[AR_ID=1,TYPE=IP6,MAC=\"02:00:00:00:00:01\",SIZE=2,GLOBAL_PREFIX=\"2001:db8::\",ULA_PREFIX=\"fd00::\"]": `R=[AR_ID=1,TYPE=IP6,SIZE=2,MAC="02:00:00:00:00:01",IP6_ULA="fd00::ff:fe00:1",IP6_GLOBAL="2001:db8::ff:fe00:1"]`,
		"AR=[AR_ID=2,TYPE=IP6_STATIC,IP6=\"fd00::5\",MAC=\"02:00:00:00:00:01\",SIZE=2]":                             `R=[AR_ID=2,TYPE=IP6_STATIC,SIZE=2,MAC="02:00:00:00:00:01",IP6="fd00::5"]`,
	} {
		of, err := attr.Parse(text)
		rules, err2 := attr.Parse(want)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		rule := attr.NewVector("R")
		(&network.AR{Attrs: of[0]}).Bound(&rule)
		if !rule.Equal(&rules[0]) {
			t.Errorf("%s: got %v, want %v", text, rule, rules[0])
		}
	}
}
