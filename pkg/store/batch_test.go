package store_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// change is an operation of a transaction on a row.
type change struct {
	ID          int
	What        string // "put", "delete", "touch"
	Tag         string
	WithinAWalk bool
}

// transaction is a list of changes, and its end: "", "error" or "panic".
type transaction struct {
	Changes []change
	End     string
}

var errRefused = errors.New("refused")

func drawTransaction(t *rapid.T) transaction {
	change := rapid.Custom(func(t *rapid.T) change {
		return change{
			ID:          rapid.IntRange(0, 200).Draw(t, "id"),
			What:        rapid.SampledFrom([]string{"put", "put", "delete", "touch"}).Draw(t, "what"),
			Tag:         rapid.SampledFrom([]string{"x", "y"}).Draw(t, "tag"),
			WithinAWalk: rapid.Bool().Draw(t, "within a walk"),
		}
	})
	return transaction{
		Changes: rapid.SliceOfN(change, 0, 20).Draw(t, "changes"),
		End:     rapid.SampledFrom([]string{"", "error", "panic"}).Draw(t, "end"),
	}
}

// make makes the change in a transaction and in a model.
func (c change) make(tx *store.Tx, model map[int]item) {
	switch c.What {
	case "delete":
		items.Delete(tx, store.ID(c.ID))
		delete(model, c.ID)
	case "touch":
		items.Touch(tx, store.ID(c.ID))
	default:
		v := item{Name: c.Tag, Tags: []string{c.Tag}}
		items.Put(tx, store.ID(c.ID), &v)
		model[c.ID] = v
	}
}

// makeWalking makes the change at the first row of a walk, which must not see it.
func (c change) makeWalking(t *rapid.T, tx *store.Tx, model map[int]item) {
	made, walked, rows := false, 0, items.Len(tx)
	for range items.All(tx) {
		if walked++; !made {
			c.make(tx, model)
			made = true
		}
	}
	if walked != rows {
		t.Errorf("a walk of %d rows went through %d", rows, walked)
	}
}

// in is the transaction for a store. If it succeeds, it updates the model.
func (x transaction) in(t *rapid.T, model *map[int]item) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		own := maps.Clone(*model)
		for _, c := range x.Changes {
			if c.WithinAWalk {
				c.makeWalking(t, tx, own)
				continue
			}
			c.make(tx, own)
		}
		holds(t, tx, own)
		switch x.End {
		case "error":
			return errRefused
		case "panic":
			panic("a bad rule")
		}
		*model = own
		return nil
	}
}

// holds compares rows and indexes with a model.
func holds(t *rapid.T, r store.Reader, model map[int]item) {
	if diff := cmp.Diff(model, content(r, items)); diff != "" {
		t.Fatalf("wrong rows:\n%s", diff)
	}
	for _, tag := range []string{"x", "y"} {
		var want []int
		for _, id := range slices.Sorted(maps.Keys(model)) {
			if model[id].Name == tag {
				want = append(want, id)
			}
		}
		if diff := cmp.Diff(want, found(r, byTag, tag)); diff != "" {
			t.Fatalf("the index finds others under %q:\n%s", tag, diff)
		}
	}
}

// TestTransactionsOfOneBatch mixes successful and failing transactions in batches: each sees
// the changes of the successful ones before it, snapshots never change, and everything is in
// the log.
func TestTransactionsOfOneBatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		log := memlog.New()
		s, err := store.Open(store.Options{Log: log, Tables: []store.AnyTable{items}})
		if err != nil {
			t.Fatal(err)
		}
		model := map[int]item{}
		var told []store.Change
		s.Watch(func(c store.Commit) { told = append(told, c.Changes...) })
		for range rapid.IntRange(1, 4).Draw(t, "batches") {
			before, was, changes := s.Read(), maps.Clone(model), len(told)
			batch := rapid.SliceOfN(rapid.Custom(drawTransaction), 1, 6).Draw(t, "batch")
			together(t, s, batch, &model)
			holds(t, before, was)
			holds(t, s.Read(), model)
			if want := replayed(was, told[changes:]); !cmp.Equal(want, model) {
				t.Fatalf("what watchers were told leads elsewhere:\n%s", cmp.Diff(want, model))
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = store.Open(store.Options{Log: log, Tables: []store.AnyTable{items}}); err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		holds(t, s.Read(), model)
	})
}

// together runs a batch and checks how its transactions ended.
func together(t *rapid.T, s *store.Store, batch []transaction, model *map[int]item) {
	var fns []func(*store.Tx) error
	for _, x := range batch {
		fns = append(fns, x.in(t, model))
	}
	for i, err := range s.Together(fns...) {
		if good := batch[i].End == ""; good != (err == nil) {
			t.Fatalf("a transaction with the end %q is answered %v", batch[i].End, err)
		}
	}
}

// replayed applies changes to a copy of the rows.
func replayed(rows map[int]item, changes []store.Change) map[int]item {
	rows = maps.Clone(rows)
	for _, c := range changes {
		if c.New == nil {
			delete(rows, int(c.Key.A))
			continue
		}
		rows[int(c.Key.A)] = *c.New.(*item)
	}
	return rows
}

// TestIndexThatPanics: the function of an index panics.
func TestIndexThatPanics(t *testing.T) {
	t.Parallel()
	byN := store.NewIndex(func(i *item) []string {
		if i.N == 13 {
			panic("13")
		}
		return []string{i.Name}
	})
	table := store.NewTable("unlucky", store.NewIndex(func(i *item) []string { return i.Tags }), byN)
	s, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{table}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put := func(id, n int) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			table.Put(tx, store.ID(id), &item{Name: "a", N: n})
			return nil
		}
	}
	ends := s.Together(put(1, 1), put(1, 13), put(2, 13), put(3, 3))
	if ends[0] != nil || ends[1] == nil || ends[2] == nil || ends[3] != nil {
		t.Errorf("they ended %v", ends)
	}
	want := map[int]item{1: {Name: "a", N: 1}, 3: {Name: "a", N: 3}}
	if diff := cmp.Diff(want, content(s.Read(), table)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{1, 3}, found(s.Read(), byN, "a")); diff != "" {
		t.Error(diff)
	}
}
