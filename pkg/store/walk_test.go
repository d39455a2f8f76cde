package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// TestWalksDoNotSeeWhatTheyChange deletes, changes and adds rows during each kind of walk,
// which visits exactly the rows that existed before.
func TestWalksDoNotSeeWhatTheyChange(t *testing.T) {
	t.Parallel()
	const many = 500 // several tree nodes
	walks := map[string]func(tx *store.Tx, visit func(*store.Row[item])){
		"all": func(tx *store.Tx, visit func(*store.Row[item])) {
			for row := range items.All(tx) {
				visit(row)
			}
		},
		"backward": func(tx *store.Tx, visit func(*store.Row[item])) {
			for row := range items.Backward(tx) {
				visit(row)
			}
		},
		"index": func(tx *store.Tx, visit func(*store.Row[item])) {
			for row := range byTag.Find(tx, "x") {
				visit(row)
			}
		},
	}
	for name, walk := range walks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openNew(t)
			do(t, s, func(tx *store.Tx) {
				for id := range many {
					items.Put(tx, store.ID(id), &item{Tags: []string{"x"}})
				}
				visited := 0
				walk(tx, func(row *store.Row[item]) {
					visited++
					items.Delete(tx, row.Key)
					items.Put(tx, store.ID(int(row.Key.A)+many), &item{Tags: []string{"x", "y"}})
					v, _ := items.Edit(tx, store.ID(int(row.Key.A)+many))
					v.Tags = []string{"y"}
					items.Put(tx, store.ID(int(row.Key.A)+many), v)
				})
				if visited != many {
					t.Errorf("%d rows were visited, want %d", visited, many)
				}
			})
			x, y := len(found(s.Read(), byTag, "x")), len(found(s.Read(), byTag, "y"))
			if n := items.Len(s.Read()); n != many || x != 0 || y != many {
				t.Errorf("%d rows, %d x, %d y; want %d, 0, %d", n, x, y, many, many)
			}
		})
	}
}

func TestOfListsAllThatBelongsToOne(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	do(t, s, func(tx *store.Tx) {
		for _, k := range []store.Key{store.Pair(1, -5), store.Pair(1, 0), store.Pair(0, 9), store.Pair(2, -1)} {
			items.Put(tx, k, &item{})
		}
	})
	var got []store.Key
	for row := range items.Of(s.Read(), 1) {
		got = append(got, row.Key)
	}
	if diff := cmp.Diff([]store.Key{{A: 1, B: -5}, {A: 1}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestStoppedWatcherIsNotCalled(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	told := map[string]int{}
	stop := s.Watch(func(store.Commit) { told["first"]++ })
	s.Watch(func(store.Commit) { told["second"]++ })
	put(t, s, 1, item{})
	stop()
	stop() // a second call does nothing
	put(t, s, 2, item{})
	if diff := cmp.Diff(map[string]int{"first": 1, "second": 2}, told); diff != "" {
		t.Error(diff)
	}
}

func TestTablesOfOneNameAreRefused(t *testing.T) {
	t.Parallel()
	twin := store.NewTable[item]("item")
	if _, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{items, twin}}); err == nil {
		t.Error("they would share their rows in the log")
	}
}
