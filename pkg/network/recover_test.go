package network_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// inState makes a network that is in a state.
func (w *world) inState(name string, state one.VNetState) int {
	id := w.net(name, "TYPE=ETHER, SIZE=4")
	w.do(func(tx *store.Tx) error {
		n, err := network.Kind.Edit(tx, id)
		if err != nil {
			return err
		}
		n.State = state
		network.Kind.Put(tx, n)
		return nil
	})
	return id
}

// TestRecoverFromEachState: the state after each operation in each state; -1 means deleted, and
// no entry that the operation is refused.
func TestRecoverFromEachState(t *testing.T) {
	t.Parallel()
	w := open(t)
	const gone = one.VNetState(-1)
	words := map[one.VNetState]string{
		one.VNetInit: "INIT", one.VNetReady: "READY", one.VNetLockCreate: "LOCK_CREATE", one.VNetLockDelete: "LOCK_DELETE",
		one.VNetDone: "DONE", one.VNetError: "ERROR", one.VNetUpdateFailure: "",
	}
	operations := []struct {
		name string
		to   map[one.VNetState]one.VNetState
	}{
		{"failure", map[one.VNetState]one.VNetState{
			one.VNetInit: one.VNetError, one.VNetLockCreate: one.VNetError, one.VNetLockDelete: one.VNetError,
		}},
		{"success", map[one.VNetState]one.VNetState{
			one.VNetInit: one.VNetReady, one.VNetLockCreate: one.VNetReady, one.VNetLockDelete: gone,
			one.VNetError: one.VNetReady, one.VNetUpdateFailure: one.VNetReady,
		}},
		{"delete", map[one.VNetState]one.VNetState{
			one.VNetInit: gone, one.VNetLockCreate: gone, one.VNetLockDelete: gone, one.VNetError: gone,
		}},
		{"retry", map[one.VNetState]one.VNetState{one.VNetUpdateFailure: one.VNetReady}},
	}
	for code, op := range operations {
		for state, word := range words {
			id := w.inState(fmt.Sprintf("%s_%d", op.name, state), state)
			got := message(w.try(func(tx *store.Tx) error { return network.Recover(tx, id, code) }))
			to, may := op.to[state]
			want := ""
			if !may {
				want, to = fmt.Sprintf("Could not perform 'recover %s' on VN %d, wrong state %s.", op.name, id, word), state
			}
			after := gone
			if n, err := network.Kind.Get(w.st.Read(), id); err == nil {
				after = n.State
			}
			if got != want || after != to {
				t.Errorf("%s in state %d: %q and state %d, want %q and %d", op.name, state, got, after, want, to)
			}
		}
	}
}

// TestDeleteInEachState: a network that is being worked on stays.
func TestDeleteInEachState(t *testing.T) {
	t.Parallel()
	w := open(t)
	for state, want := range map[one.VNetState]string{
		one.VNetReady: "", one.VNetError: "", one.VNetUpdateFailure: "",
		one.VNetLockCreate: "Cannot delete virtual network. Can not remove a Virtual Network, wrong state LOCK_CREATE",
		one.VNetLockDelete: "Cannot delete virtual network. Can not remove a Virtual Network, wrong state LOCK_DELETE",
	} {
		id := w.inState(fmt.Sprintf("n%d", state), state)
		if got := message(w.try(func(tx *store.Tx) error { return network.Delete(tx, id) })); got != want {
			t.Errorf("in state %s: %q, want %q", state, got, want)
		}
	}
}

// TestRenew: a NIC gets the changed attributes, except those that its owner had set himself.
func TestRenew(t *testing.T) {
	t.Parallel()
	n := &network.VNet{ARs: []network.AR{{ID: 2, Attrs: *(&world{t: t}).parse("AR=[TYPE=ETHER,SIZE=1,MTU=1450]").Vector("AR")}}}
	n.Template = (&world{t: t}).parse("MTU=9000\nTRUST=YES\nPHYDEV=\"\"")
	was := map[string]string{"MTU": "1500", "TRUST": "", "PHYDEV": "eth0"}
	for _, tt := range []struct {
		nic, want string
		changed   bool
	}{
		{"MTU=1500,PHYDEV=eth0", "MTU=9000,TRUST=YES", true},
		{"MTU=1280,PHYDEV=eth1,TRUST=NO", "MTU=1280,PHYDEV=eth1,TRUST=NO", false},
		{"AR_ID=2,MTU=1500", "AR_ID=2,MTU=1450,TRUST=YES", true},
		{"MTU=9000,TRUST=YES", "MTU=9000,TRUST=YES", false},
	} {
		nic := (&world{t: t}).parse("NIC=[" + tt.nic + "]").Vector("NIC")
		changed := n.Renew(nic, was)
		want := (&world{t: t}).parse("NIC=[" + tt.want + "]").Vector("NIC")
		if diff := cmp.Diff(want, nic); diff != "" || changed != tt.changed {
			t.Errorf("%s: changed %v (-want +got):\n%s", tt.nic, changed, diff)
		}
	}
}
