package network_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func TestRequiredAttributesOfDrivers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ template, err string }{
		{"VN_MAD=dummy\nBRIDGE=b", ""},
		{"VN_MAD=dummy", "BRIDGE is mandatory for driver dummy"},
		{"VN_MAD=bridge", ""},
		{"VN_MAD=fw", ""},
		{"VN_MAD=ovswitch", ""},
		{`VN_MAD="802.1Q"` + "\nVLAN_ID=5", "PHYDEV is mandatory for driver 802.1Q"},
		{`VN_MAD="802.1Q"` + "\nPHYDEV=eth0", "VLAN_ID (or AUTOMATIC_VLAN_ID) is mandatory for driver 802.1Q"},
		{`VN_MAD="802.1Q"` + "\nPHYDEV=eth0\nVLAN_ID=5", ""},
		{"VN_MAD=vxlan\nPHYDEV=eth0\nAUTOMATIC_VLAN_ID=YES", ""},
		{"VN_MAD=ovswitch_vxlan", "OUTER_VLAN_ID (or AUTOMATIC) is mandatory for driver ovswitch_vxlan"},
		{"VN_MAD=ovswitch_vxlan\nAUTOMATIC_OUTER_VLAN_ID=YES", ""},
		{"VN_MAD=nosuch", `VN_MAD named "nosuch" is not defined in oned.conf`},
		{"BRIDGE=b", "No VN_MAD in template for Virtual Network."},
		{"VN_MAD=bridge\nBRIDGE_TYPE=openvswitch", `Attribute BRIDGE_TYPE has wrong value "openvswitch" for VN_MAD_CONF bridge in oned.conf`},
	} {
		_, err := open(t).allocate(admin, "NAME=n\n"+c.template)
		if got := message(err); got != c.err {
			t.Errorf("%q: got %q, want %q", c.template, got, c.err)
		}
	}
}

// TestDriversThatAreNotImplemented: networks with such a driver, from an import or from before
// the setting, can be updated as long as the driver stays.
func TestDriversThatAreNotImplemented(t *testing.T) {
	t.Parallel()
	w := open(t)
	old, err := w.allocate(admin, "NAME=old\nVN_MAD=ovswitch")
	if err != nil {
		t.Fatal(err)
	}
	w.s.Served = []string{"802.1Q", "bridge"}
	const refusal = `There is no network driver for VN_MAD "%s" here, only 802.1Q, bridge (setting network.drivers)`
	for driver, want := range map[string]string{
		"bridge": "", "BRIDGE": "", "ovswitch": fmt.Sprintf(refusal, "ovswitch"), "fw": fmt.Sprintf(refusal, "fw"),
		"nosuch": `VN_MAD named "nosuch" is not defined in oned.conf`,
	} {
		if _, err := w.allocate(admin, "NAME="+driver+"\nVN_MAD="+driver); message(err) != want {
			t.Errorf("%s: got %q, want %q", driver, message(err), want)
		}
	}
	for text, want := range map[string]string{"MTU=9000": "", "VN_MAD=fw": "Cannot update template. " + fmt.Sprintf(refusal, "fw")} {
		if err := w.update(admin, old, text, true); message(err) != want {
			t.Errorf("%s: got %q, want %q", text, message(err), want)
		}
	}
}

func TestNamesOfNetworks(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, c := range []struct{ template, name, err string }{
		{"NAME=a", "a", ""},
		{"NAME=a", "", "NAME is already taken by NET 0."},
		{"BRIDGE=b", "", "No NAME in template for Virtual Network."},
		{"TEMPLATE_NAME=t", "t-1", ""},
		{`NAME="a/b"`, "", "Invalid NAME, char '/' is not allowed"},
	} {
		got, err := w.allocate(admin, c.template+"\nVN_MAD=bridge")
		if message(err) != c.err || err == nil && w.get(got).Name != c.name {
			t.Errorf("%q: got ID %d, %q; want %q, %q", c.template, got, message(err), c.name, c.err)
		}
	}
}

func TestTemplateOfANewNetwork(t *testing.T) {
	t.Parallel()
	w := open(t)
	got, err := w.allocate(admin, `NAME=net4
VN_MAD="802.1Q"
PHYDEV=eth0
AUTOMATIC_VLAN_ID=YES
SECURITY_GROUPS="7,100"
AR=[TYPE=IP4, IP=10.0.0.1, SIZE=5]
AR=[TYPE=IP4, IP=1.2.3, SIZE=5]`)
	if err != nil {
		t.Fatal(err)
	}
	n := w.get(got)
	why := n.Template.Get("ERROR")
	if !strings.HasSuffix(why, " : Wrong or empty IP attribute") || n.State != one.VNetError || len(n.ARs) != 1 {
		t.Errorf("ERROR %q, state %s, %d ranges; want the bad range left out", why, n.State, len(n.ARs))
	}
	tpl := n.Template.Clone()
	tpl.Del("ERROR")
	want := w.parse(`BRIDGE=onebr0
BRIDGE_TYPE=linux
OUTER_VLAN_ID=""
PHYDEV=eth0
SECURITY_GROUPS="0,7,100"
VN_MAD="802.1Q"`)
	if diff := cmp.Diff(want, tpl); diff != "" {
		t.Errorf("template (-want +got):\n%s", diff)
	}
	if n.VLANID != "2" || !n.VLANAuto {
		t.Errorf("VLAN %q, automatic %v; want 2, true", n.VLANID, n.VLANAuto)
	}
}

func TestAutomaticVLANIDsAreUnique(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.s.FirstVLAN = 4090
	seen := map[string]int{}
	for i := range 5 {
		got, err := w.allocate(admin, "NAME=n"+id(i)+"\nVN_MAD=ovswitch\nAUTOMATIC_VLAN_ID=YES")
		if err != nil {
			t.Fatal(err)
		}
		seen[w.get(got).VLANID]++
	}
	if diff := cmp.Diff(map[string]int{"4090": 1, "4091": 1, "4092": 1, "4093": 1, "4094": 1}, seen); diff != "" {
		t.Errorf("VLANs (-want +got):\n%s", diff)
	}
	if _, err := w.allocate(admin, "NAME=full\nVN_MAD=ovswitch\nAUTOMATIC_VLAN_ID=YES"); message(err) != "Cannot automatically assign VLAN_ID to network." {
		t.Errorf("the sixth of five: %v", err)
	}
	w.do(func(tx *store.Tx) error { return network.Delete(tx, 2) })
	got, err := w.allocate(admin, "NAME=again\nVN_MAD=ovswitch\nAUTOMATIC_VLAN_ID=YES")
	if err != nil || w.get(got).VLANID != "4092" {
		t.Errorf("after one was deleted: %v", err)
	}
	got, err = w.allocate(admin, "NAME=vx\nVN_MAD=vxlan\nPHYDEV=e\nAUTOMATIC_VLAN_ID=YES")
	if err != nil || w.get(got).VLANID != id(got+2) {
		t.Errorf("vxlan: network %d has %q, %v", got, w.get(got).VLANID, err)
	}
}

func TestRestrictedAttributes(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, c := range []struct{ template, err string }{
		{"BRIDGE=b", "User [2] : VNET Template includes a restricted attribute BRIDGE."},
		{"AR=[TYPE=ETHER, SIZE=1, PHYDEV=e]", "User [2] : VNET Template includes a restricted attribute PHYDEV."},
	} {
		if _, err := w.allocate(alice, "NAME=n\n"+c.template); message(err) != c.err {
			t.Errorf("%q: got %q, want %q", c.template, message(err), c.err)
		}
	}
	n := w.net("n", "TYPE=ETHER, SIZE=4, BRIDGE=b")
	for what, err := range map[string]error{
		"AR includes a restricted attribute BRIDGE.":              w.addAR(alice, n, "TYPE=ETHER, SIZE=1, BRIDGE=x"),
		"Tried to change restricted attribute: BRIDGE":            w.update(alice, n, "VN_MAD=bridge\nBRIDGE=x", false),
		"User Template includes a restricted attribute VN_MAD":    w.update(alice, n, "VN_MAD=dummy", true),
		"AR includes a restricted attribute FILTER":               w.updateAR(alice, n, "AR_ID=0, FILTER=x"),
		"AR includes a restricted attribute FILTER_IP_SPOOFING":   w.updateAR(alice, n, "AR_ID=0, FILTER_IP_SPOOFING=x"),
		"AR includes a restricted attribute FILTER_MAC_SPOOFING.": w.addAR(alice, n, "TYPE=ETHER, FILTER_MAC_SPOOFING=YES"),
	} {
		if got := message(err); !strings.HasSuffix(got, what) {
			t.Errorf("got %q, want %q", got, what)
		}
	}
	if err := w.updateAR(alice, n, "AR_ID=0, SIZE=5"); err != nil || w.get(n).ARs[0].Attrs.Get("BRIDGE") != "b" {
		t.Errorf("an update without the restricted attribute lost it: %v", err)
	}
}

func (w *world) update(c *one.Caller, id int, text string, appendTo bool) error {
	return w.try(func(tx *store.Tx) error { return network.Update(tx, w.s, c, id, text, appendTo) })
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.net("n", "TYPE=ETHER, SIZE=4")
	if err := w.update(admin, n, "BRIDGE=br9\nVLAN_ID=7\nMTU=1400", true); err != nil {
		t.Fatal(err)
	}
	if v := w.get(n); v.Bridge != "br9" || v.VLANID != "7" || v.Template.Get("MTU") != "1400" || v.VNMad != "bridge" {
		t.Errorf("merged: bridge %s, VLAN %s, MTU %s, %s", v.Bridge, v.VLANID, v.Template.Get("MTU"), v.VNMad)
	}
	if err := w.update(admin, n, "VN_MAD=ovswitch\nBRIDGE_TYPE=linux", false); err != nil {
		t.Fatal(err)
	}
	if v := w.get(n); v.Bridge != "br9" || v.VLANID != "" || v.BridgeType != "openvswitch" {
		t.Errorf("replaced: bridge %s, VLAN %q, type %s", v.Bridge, v.VLANID, v.BridgeType)
	}
	err := w.update(admin, n, "MTU=9000", false)
	if want := "Cannot update template. No VN_MAD in template for Virtual Network."; message(err) != want {
		t.Errorf("got %q, want %q", message(err), want)
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	w := open(t)
	recover := func(id, op int) string {
		return message(w.try(func(tx *store.Tx) error { return network.Recover(tx, id, op) }))
	}
	good, bad := w.net("good", "TYPE=ETHER, SIZE=4"), w.net("bad", "TYPE=IP4, SIZE=4")
	for op, want := range []string{
		"Could not perform 'recover failure' on VN 0, wrong state READY.",
		"Could not perform 'recover success' on VN 0, wrong state READY.",
		"Could not perform 'recover delete' on VN 0, wrong state READY.",
		"Could not perform 'recover retry' on VN 0, wrong state READY.",
		"Wrong recovery operation code",
	} {
		if got := recover(good, op); got != want {
			t.Errorf("operation %d: got %q, want %q", op, got, want)
		}
	}
	if got := message(w.addAR(admin, bad, "TYPE=ETHER, SIZE=1")); got != "Could not execute one.vn.add_arVirtual Network is in wrong state: ERROR" {
		t.Errorf("adding a range to a network in ERROR: %q", got)
	}
	if got := recover(bad, network.RecoverSuccess); got != "" || w.get(bad).State != one.VNetReady || w.get(bad).Template.Has("ERROR") {
		t.Errorf("recover: %q, state %s", got, w.get(bad).State)
	}
	worse := w.net("worse", "TYPE=IP4, SIZE=4")
	if got := recover(worse, network.RecoverDelete); got != "" || network.Kind.Table.Len(w.st.Read()) != 2 {
		t.Errorf("recover by deleting: %q", got)
	}
}

func TestClonesShareNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.get(w.net("n", "TYPE=ETHER, SIZE=4, X=1"))
	before := n.Clone()
	c := n.Clone()
	c.ARs[0].Attrs.Set("X", "2")
	c.ARs[0].Next++
	c.Clusters[0]++
	c.Template.Set("BRIDGE", "other")
	if diff := cmp.Diff(before, n); diff != "" {
		t.Errorf("a change of the clone reached the original:\n%s", diff)
	}
	l := &network.Lease{Others: []network.Holder{{ID: 1}}}
	l.Clone().Others[0].ID = 2
	if l.Others[0].ID != 1 {
		t.Error("a change of a lease's clone reached the original")
	}
}
