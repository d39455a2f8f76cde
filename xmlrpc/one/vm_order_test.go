package one

import (
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Some errors are reported before rights are checked.
func TestVMErrorsComeBeforeRights(t *testing.T) {
	t.Parallel()
	f := newVMFace(t)
	f.call("oneadmin", "one.vm.allocate", "CPU=1\nMEMORY=64\nDISK=[TYPE=swap,SIZE=1]", true)
	zero := int32(0)
	for _, c := range []struct {
		method string
		args   []any
		want   string
	}{
		{"one.vm.updateconf", []any{zero, "FEATURES=[ACPI=no]", int32(7)}, "Wrong update type"},
		{"one.vm.updateconf", []any{zero, "FEATURES=[", zero}, "syntax error"},
		{"one.vm.resize", []any{zero, "CPU=["}, "syntax error"},
		{"one.vm.deploy", []any{zero, zero, false, int32(-1), "NIC=["}, "syntax error"},
		{"one.vm.deploy", []any{zero, zero, false, int32(-1), `NIC=[MAC="02:00:00:00:00:01"]`}, "NIC includes a restricted attribute MAC"},
		{"one.vm.disksnapshotrevert", []any{zero, int32(9), zero}, "VM disk does not exist"},
		{"one.vm.disksnapshotdelete", []any{zero, int32(9), zero}, "VM disk does not exist"},
		{"one.vm.disksnapshotdelete", []any{zero, zero, zero}, "Snapshots are not supported on disks of type: SWAP"},
	} {
		if got := f.call("alice", c.method, c.args...); !strings.Contains(strings.ToLower(got), strings.ToLower(c.want)) {
			t.Errorf("%s %v by somebody without rights: got %q; want %q", c.method, c.args, got, c.want)
		}
	}
}

// A VM's automatic NICs can only be connected to networks that the caller may use.
func TestDeployNeedsTheNetworksItConnects(t *testing.T) {
	t.Parallel()
	f := newVMFace(t)
	err := f.s.Store.Update(t.Context(), func(tx *store.Tx) error {
		network.Kind.Put(tx, &network.VNet{Meta: object.Meta{ID: 5, Name: "theirs"}, Clusters: []int{0}})
		_, err := acl.Add(tx, acl.Rule{
			User: acl.Individual | 2, Resource: uint64(one.KindVM|one.KindHost) | acl.All,
			Rights: uint64(one.Use | one.Manage | one.Admin), Zone: acl.All,
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f.call("oneadmin", "one.vm.allocate", "CPU=1\nMEMORY=64\nNIC=[NETWORK_MODE=auto]", true)
	for _, nic := range []string{"NIC=[NIC_ID=0,NETWORK_ID=5]", "NIC=[NIC_ID=0,NETWORK_MODE=auto,NETWORK_ID=5]"} {
		want := "User [2] : Not authorized to perform USE NET [5]."
		if got := f.call("alice", "one.vm.deploy", int32(0), int32(0), false, int32(-1), nic); got != want {
			t.Errorf("deploy with %s: got %q; want %q", nic, got, want)
		}
	}
}
