package store_test

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

func TestSnapshotNeverChanges(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	put(t, s, 1, item{Name: "a", Tags: []string{"x"}})
	put(t, s, 2, item{Name: "b", Tags: []string{"x"}})
	snap := s.Read()
	want := content(snap, items)
	do(t, s, func(tx *store.Tx) {
		v, _ := items.Edit(tx, store.ID(1))
		v.Name, v.Tags[0] = "changed", "y"
		items.Put(tx, store.ID(1), v)
		items.Delete(tx, store.ID(2))
		items.Put(tx, store.ID(3), &item{Name: "c", Tags: []string{"x"}})
	})
	if diff := cmp.Diff(want, content(snap, items)); diff != "" {
		t.Errorf("the old snapshot changed:\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 2}, found(snap, byTag, "x")); diff != "" {
		t.Errorf("the index of the old snapshot changed:\n%s", diff)
	}
	want = map[int]item{1: {Name: "changed", Tags: []string{"y"}}, 3: {Name: "c", Tags: []string{"x"}}}
	if diff := cmp.Diff(want, content(s.Read(), items)); diff != "" {
		t.Errorf("the new snapshot is wrong:\n%s", diff)
	}
}

func TestTransactionSeesItsOwnChanges(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	do(t, s, func(tx *store.Tx) {
		items.Put(tx, store.ID(1), &item{Name: "a", Tags: []string{"x"}})
		if got := found(tx, byTag, "x"); !cmp.Equal(got, []int{1}) {
			t.Errorf("found %v, want 1", got)
		}
		if items.Len(s.Read()) != 0 {
			t.Error("others see it before it is committed")
		}
		items.Delete(tx, store.ID(1))
		if _, there := items.Get(tx, store.ID(1)); there || found(tx, byTag, "x") != nil {
			t.Error("what was deleted is still there")
		}
	})
}

func TestFailedTransactionLeavesNoTrace(t *testing.T) {
	t.Parallel()
	refusal := errors.New("refused")
	for name, end := range map[string]func() error{
		"error": func() error { return refusal },
		"panic": func() error { panic("a bad rule") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := memlog.New()
			s := open(t, log)
			put(t, s, 1, item{Name: "a"})
			before := s.Read()
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				items.Put(tx, store.ID(1), &item{Name: "b"})
				items.Put(tx, store.ID(tx.Next("n", 0)), &item{Name: "c"})
				items.Delete(tx, store.ID(1))
				return end()
			})
			if !errors.Is(err, refusal) && (err == nil || !strings.Contains(err.Error(), "a bad rule")) {
				t.Errorf("the answer is %v", err)
			}
			if s.Read() != before {
				t.Error("something was published")
			}
			do(t, s, func(tx *store.Tx) {
				if n := tx.Next("n", 0); n != 0 {
					t.Errorf("the first number is %d, want 0", n)
				}
			})
			want := map[int]item{1: {Name: "a"}}
			if diff := cmp.Diff(want, content(open(t, log).Read(), items)); diff != "" {
				t.Errorf("the log holds something else:\n%s", diff)
			}
		})
	}
}

func TestFullDiskPublishesNothing(t *testing.T) {
	t.Parallel()
	log := &failingLog{Log: memlog.New()}
	s := open(t, log)
	put(t, s, 1, item{Name: "a"})
	told := 0
	s.Watch(func(store.Commit) { told++ })
	before := s.Read()
	log.Fail = syscall.ENOSPC
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		items.Put(tx, store.ID(1), &item{Name: "b"})
		return nil
	})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("the answer is %v, want that the disk is full", err)
	}
	if s.Read() != before || told != 0 {
		t.Errorf("something was published; watchers were told %d times", told)
	}
	log.Fail = nil // there is room again
	put(t, s, 2, item{Name: "c"})
	want := map[int]item{1: {Name: "a"}, 2: {Name: "c"}}
	if diff := cmp.Diff(want, content(s.Read(), items)); diff != "" {
		t.Errorf("wrong content after it:\n%s", diff)
	}
}

func TestCancelledContext(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 { // both outcomes are possible as long as the queue has room
		err := s.Update(ctx, func(tx *store.Tx) error {
			items.Put(tx, store.ID(1), &item{})
			return nil
		})
		if _, there := items.Get(s.Read(), store.ID(1)); there != (err == nil) {
			t.Fatalf("answered %v, but the row is there: %v", err, there)
		}
		if err == nil {
			do(t, s, func(tx *store.Tx) { items.Delete(tx, store.ID(1)) })
		}
	}
}
