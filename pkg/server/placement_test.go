package server_test

import (
	"context"
	"strconv"
	"testing"
)

func hex(n int) string { return strconv.FormatInt(int64(n), 16) }

// TestPlacementKeepsToWhatOwnersMayUse: a VM whose owner's group may use no hosts waits, and is
// placed as soon as an ACL rule allows it; a NIC with NETWORK_MODE=auto gets a network.
func TestPlacementKeepsToWhatOwnersMayUse(t *testing.T) {
	w := open(t, 1, nil)
	gid := w.must(t, "one.group.allocate", "poor")
	w.must(t, "one.vdc.delgroup", 0, gid)
	uid := w.must(t, "one.user.allocate", "paul", "pw", "core", []any{gid})
	w.must(t, "one.acl.addrule", hex(0x200000000+gid), "1421400000000", "8", "400000000")
	paul := dial(t, w.endpoint, "paul:pw")
	answer, err := paul.Call(context.Background(), "one.vm.allocate",
		"NAME=p\nCPU=0.1\nMEMORY=64\nNIC=[NETWORK_MODE=auto,SCHED_REQUIREMENTS=\"NAME = \\\"demo\\\"\"]", false)
	if err != nil {
		t.Fatal(err)
	}
	w.until(t, "one.vm.info", answer.ID, "the owner of the VM may not use it")
	for _, resource := range []string{"2400000000", "100400000000"} { // HOST/*, DATASTORE/*
		w.must(t, "one.acl.addrule", hex(0x100000000+uid), resource, "3", "400000000")
	}
	w.until(t, "one.vm.info", answer.ID, "NIC 0: no virtual network")
	w.must(t, "one.acl.addrule", hex(0x100000000+uid), "4400000000", "1", "400000000") // NET/*
	w.until(t, "one.vm.info", answer.ID, "<LCM_STATE>3</LCM_STATE>")
	w.until(t, "one.vm.info", answer.ID, "<NETWORK_ID><![CDATA[0]]></NETWORK_ID>")
}
