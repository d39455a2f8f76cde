package network_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
)

func TestDriversInAnyCase(t *testing.T) {
	t.Parallel()
	w := open(t)
	id, err := w.allocate(admin, "NAME=n\nVN_MAD=Bridge\nERROR=mine\nAR=[TYPE=ETHER,SIZE=1]")
	if err != nil {
		t.Fatal(err)
	}
	if n := w.get(id); n.State != one.VNetError || n.BridgeType != "linux" || n.Template.Get("ERROR") == "mine" {
		t.Errorf("a driver that is spelled wrong: %s, %q, %q", n.State, n.BridgeType, n.Template.Get("ERROR"))
	}
	id, err = w.allocate(admin, "NAME=m\nVN_MAD=bridge\nERROR=mine")
	if err != nil || w.get(id).Template.Has("ERROR") {
		t.Errorf("a network that is READY: %v, %q", err, w.get(id).Template.Get("ERROR"))
	}
}

func TestVLANsThatAreNoNumbers(t *testing.T) {
	t.Parallel()
	w := open(t)
	for text, want := range map[string]string{"abc": "abc", "12x": "12x", "007": "7"} {
		id, err := w.allocate(admin, "NAME=\""+text+"\"\nVN_MAD=bridge\nVLAN_ID=\""+text+"\"")
		if err != nil || w.get(id).VLANID != want {
			t.Errorf("VLAN_ID %s: %v, %q; want %q", text, err, w.get(id).VLANID, want)
		}
	}
	_, err := w.allocate(admin, "NAME=n\nVN_MAD=\"802.1Q\"\nPHYDEV=e\nVLAN_ID=99999999999")
	if got, want := message(err), "VLAN_ID (or AUTOMATIC_VLAN_ID) is mandatory for driver 802.1Q"; got != want {
		t.Errorf("a VLAN_ID beyond all numbers: %q; want %q", got, want)
	}
}

func TestAddressesWithZeros(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.net("n", "TYPE=IP4, IP=10.0.0.01, SIZE=2")
	if got, _ := w.get(id).RangeOfID(0); got.Get("MAC") != "02:00:0a:00:00:01" || got.Get("IP") != "10.0.0.01" {
		t.Errorf("the range is %v", got)
	}
	if nic, err := w.attach(1, "NETWORK_ID=0, IP=10.00.0.2"); err != nil || nic.Get("IP") != "10.0.0.2" {
		t.Errorf("the NIC: %v, %v", nic, err)
	}
}

func TestSimulatedIPAM(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.net("n", "TYPE=ETHER, SIZE=7, IPAM_MAD=dummy, COLOR=red")
	got, _ := w.get(id).RangeOfID(0)
	for key, want := range map[string]string{"TYPE": "IP4", "IP": "10.0.0.1", "SIZE": "100", "COLOR": ""} {
		if got.Get(key) != want {
			t.Errorf("%s: got %q, want %q", key, got.Get(key), want)
		}
	}
}

func TestNextRangeID(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.net("n", "TYPE=ETHER, SIZE=1")
	for range 2 {
		if err := w.addAR(admin, id, "TYPE=ETHER, SIZE=1"); err != nil {
			t.Fatal(err)
		}
		if _, ok := w.get(id).RangeOfID(1); !ok {
			t.Error("the second range has another ID than 1")
		}
		if err := w.removeAR(id, 1, false); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOrderInWhichReservationsAreChecked(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.net("base", "TYPE=IP4, IP=10.0.0.1, SIZE=4")
	w.net("other", "TYPE=IP4, IP=10.0.1.1, SIZE=4")
	for text, want := range map[string]string{
		"SIZE=99999999999\nNAME=r":            "Reservation SIZE must be a greater than 0",
		"SIZE=1\nNETWORK_ID=1\nAR_ID=-1":      "Cannot add reservations to a non-reservation VNET",
		"SIZE=1\nNAME=r\nAR_ID=0\nIP=nothing": "Not enough free addresses in address range 0, or it does not exist",
	} {
		if _, err := w.reserve(admin, 0, text); message(err) != want {
			t.Errorf("%q: got %q, want %q", text, message(err), want)
		}
	}
	if _, err := w.reserve(admin, 42, "SIZE=1\nNAME=r"); message(err) != "Error getting virtual network Pool." {
		t.Errorf("of no network: %v", err)
	}
}

func TestNetworkIDsThatBeginWithANumber(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.net("n", "TYPE=IP4, IP=10.0.0.1, SIZE=4")
	for text, found := range map[string]bool{"0": true, " 0": true, "0x": true, "+0": true, "0.9": true, "x0": false, "-": false, "-1": false} {
		nic := attr.NewVector("NIC", attr.Pair{Key: "NETWORK_ID", Value: text})
		if _, err := network.Resolve(w.st.Read(), 0, &nic); (err == nil) != found {
			t.Errorf("NETWORK_ID %q: %v", text, err)
		}
	}
}

func TestAllSecurityGroups(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.net("n", `TYPE=ETHER, SIZE=1, SECURITY_GROUPS="100,101"`)
	if got := w.get(id).AllSecurityGroups(); len(got) != 3 {
		t.Errorf("the groups are %v; want 0, 100 and 101", got)
	}
}
