package one

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// TestWholePools: after random changes of VMs, the whole pool and its pages are the same as
// those made by a walk over the rows, also for readers of older snapshots.
func TestWholePools(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{vm.Kind.Table, vm.Samples, acl.Rules}})
		if err != nil {
			rt.Fatal(err)
		}
		defer st.Close()
		s, next := &Server{Store: st}, 0
		snaps := []*store.Snap{st.Read()}
		for step := range rapid.IntRange(1, 6).Draw(rt, "steps") {
			err := st.Update(rt.Context(), func(tx *store.Tx) error {
				for range rapid.IntRange(0, rowsInPart).Draw(rt, "new") {
					putVM(tx, next, one.VMPending, step)
					next++
				}
				for range rapid.IntRange(0, 3).Draw(rt, "changed") {
					putVM(tx, rapid.IntRange(0, max(0, next-1)).Draw(rt, "which"), rapid.SampledFrom([]one.VMState{one.VMActive, one.VMDone}).Draw(rt, "to"), step)
				}
				if rapid.IntRange(0, 3).Draw(rt, "rare") == 0 {
					vm.Kind.Table.Delete(tx, store.ID(rapid.IntRange(0, next).Draw(rt, "gone")))
				}
				return nil
			})
			if err != nil {
				rt.Fatal(err)
			}
			snaps = append(snaps, st.Read())
			snap := snaps[max(0, len(snaps)-1-rapid.IntRange(0, 2).Draw(rt, "ago"))]
			for _, is := range []pool[vm.VM]{vmsShort, vmsExtended} {
				some := filter{flag: filterAll, start: rapid.IntRange(0, next).Draw(rt, "start"), end: -rapid.IntRange(2, 2*rowsInPart).Draw(rt, "size")}
				for _, f := range []filter{everything, some} {
					text, ok := s.wholeVMs[is.form].answer(snap, is, f)
					got, want := joined(text), joined(walked(snap, is, f))
					if !ok || got != want {
						rt.Fatalf("step %d, form %d, %v: got %v\n%s\nwant\n%s", step, is.form, f, ok, got, want)
					}
				}
			}
		}
	})
}

func putVM(tx *store.Tx, id int, state one.VMState, step int) {
	vm.Kind.Put(tx, &vm.VM{Meta: object.Meta{ID: id, Name: fmt.Sprintf("vm-%d-%d", id, step)}, State: state})
}

// walked is the pool made by a walk, without any cache.
func walked(snap *store.Snap, is pool[vm.VM], f filter) xmlrpc.Text {
	is.form = unkept
	return is.info(&call{Caller: &one.Caller{Groups: []int{0}}, Snap: snap}, f)
}

func joined(t xmlrpc.Text) string { return string(bytes.Join(t.Chunks, nil)) }

// TestRowsKeepTheirPlace: the text of a row is a slice of the pool's text, also for calls that
// show only that row, and a part with unchanged rows is not rendered again.
func TestRowsKeepTheirPlace(t *testing.T) {
	t.Parallel()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{vm.Kind.Table, vm.Samples, acl.Rules}})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	put := func(ids ...int) {
		if err := st.Update(t.Context(), func(tx *store.Tx) error {
			for _, id := range ids {
				putVM(tx, id, one.VMPending, len(ids))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	all := make([]int, 2*rowsInPart)
	for i := range all {
		all[i] = i
	}
	put(all...)
	var pool whole[vm.VM]
	first := pool.read(st.Read(), vmsShort).text
	row, _ := vm.Kind.Table.Row(st.Read(), store.ID(rowsInPart-1)) // the newest row of the older part
	if &vmsShort.element(st.Read(), row)[0] != &first.Chunks[2][0] {
		t.Error("the row keeps a text of its own")
	}
	if again := pool.read(st.Read(), vmsShort).text; &again.Chunks[0] != &first.Chunks[0] {
		t.Error("the same pool was made twice")
	}
	put(0)
	second := pool.read(st.Read(), vmsShort).text
	if &second.Chunks[1][0] != &first.Chunks[1][0] || &second.Chunks[2][0] == &first.Chunks[2][0] {
		t.Error("not the part of the row that changed was made anew")
	}
}
