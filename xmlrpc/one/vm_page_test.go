package one

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// A page of VMs is the same as that part of the whole list, for any states of the VMs.
func TestPagesOfVMs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{vm.Kind.Table, acl.Rules}})
		if err != nil {
			rt.Fatal(err)
		}
		defer st.Close()
		states := rapid.SliceOfN(rapid.SampledFrom([]one.VMState{one.VMPending, one.VMActive, one.VMDone}), 0, 40).Draw(rt, "states")
		err = st.Update(rt.Context(), func(tx *store.Tx) error {
			for id, s := range states {
				vm.Kind.Put(tx, &vm.VM{Meta: object.Meta{ID: id}, State: s})
			}
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
		state := rapid.SampledFrom([]int{stateAny, stateNotDone, int(one.VMDone), int(one.VMPending)}).Draw(rt, "state")
		f := filter{flag: filterAll, start: rapid.IntRange(0, 45).Draw(rt, "start"), end: -rapid.IntRange(2, 12).Draw(rt, "size")}
		only, err := inState(state)
		if err != nil {
			rt.Fatal(err)
		}
		pages := pool[vm.VM]{kind: vm.Kind, only: only, newest: newestIn(state)}
		c := &call{Caller: &one.Caller{Groups: []int{0}}, Snap: st.Read()}
		var got, want []int
		for row := range pages.rows(c, f) {
			got = append(got, row.Val.ID)
		}
		pages.newest = nil
		if only == nil {
			pages.only = func(*vm.VM) bool { return true }
		}
		for row := range pages.rows(c, f) {
			want = append(want, row.Val.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Errorf("%+v of %v in state %d:\n%s", f, states, state, diff)
		}
	})
}
