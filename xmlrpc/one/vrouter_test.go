package one

import (
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// TestRoutersKeepNICsThatVMsRefuse: the call fails if a VM cannot get the NIC now, but the
// router keeps it.
func TestRoutersKeepNICsThatVMsRefuse(t *testing.T) {
	t.Parallel()
	f := newVMFace(t)
	err := f.s.Store.Update(t.Context(), func(tx *store.Tx) error {
		cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{Name: "default"}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	zero := int32(0)
	for _, c := range []struct {
		who, method string
		args        []any
		want        string
	}{
		{"oneadmin", "one.vn.allocate", []any{"NAME=n\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=10.0.0.1,SIZE=9]", int32(-1)}, "0"},
		{"alice", "one.vrouter.allocate", []any{"NAME=r\nNIC=[NETWORK_ID=0]"},
			"User [2] : Not authorized to perform CREATE VROUTER; Not authorized to perform USE NET [0]."},
		{"oneadmin", "one.vrouter.allocate", []any{"NAME=r\nNIC=[NETWORK_ID=0,FLOATING_IP=YES]"}, "0"},
		{"alice", "one.vrouter.info", []any{zero}, "User [2] : Not authorized to perform USE VROUTER [0]."},
		{"oneadmin", "one.template.allocate", []any{"NAME=t\nVROUTER=YES\nCPU=1\nMEMORY=64"}, "0"},
		{"alice", "one.vrouter.instantiate", []any{zero, int32(1), zero, "", true, ""}, "User [2] : Not authorized to perform MANAGE VROUTER [0]."},
		{"oneadmin", "one.vrouter.instantiate", []any{zero, int32(1), zero, "", true, ""}, "0"},
		{"oneadmin", "one.vrouter.attachnic", []any{zero, "NIC=[NETWORK_ID=0]"}, "Could not add a new NIC to VM 0, wrong state HOLD."},
		{"oneadmin", "one.vrouter.detachnic", []any{zero, int32(1)}, "Could not detach NIC from VM 0, wrong state HOLD."},
		{"oneadmin", "one.vrouter.detachnic", []any{zero, int32(1)}, "NIC with NIC_ID 1 does not exist."},
		{"oneadmin", "one.vrouter.attachnic", []any{zero, "NIC=["}, ""},
		{"oneadmin", "one.vrouter.delete", []any{int32(42)}, "Error getting virtual router [42]."},
	} {
		got := f.call(c.who, c.method, c.args...)
		if got != c.want && (c.want != "" || !strings.Contains(strings.ToLower(got), "syntax error")) {
			t.Errorf("%s(%v) by %s: got %q, want %q", c.method, c.args, c.who, got, c.want)
		}
	}
	net := f.call("oneadmin", "one.vn.info", zero, false)
	for _, part := range []string{"<VROUTERS><ID>0</ID></VROUTERS>", "<VROUTER><![CDATA[0]]></VROUTER>"} {
		if !strings.Contains(net, part) {
			t.Errorf("the network shows no %s:\n%s", part, net)
		}
	}
	f.call("oneadmin", "one.vrouter.delete", zero)
	if net := f.call("oneadmin", "one.vn.info", zero, false); strings.Contains(net, "<VROUTER>") || !strings.Contains(net, "<VROUTERS></VROUTERS>") {
		t.Errorf("the network shows a router that is gone:\n%s", net)
	}
}
