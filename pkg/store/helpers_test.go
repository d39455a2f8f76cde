package store_test

import (
	"slices"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// item is the row type of these tests.
type item struct {
	Name string   `cbor:"1,keyasint"`
	Tags []string `cbor:"2,keyasint,omitempty"`
	N    int      `cbor:"3,keyasint,omitempty"`
}

// Clone implements store.Cloner.
func (i *item) Clone() *item {
	c := *i
	c.Tags = slices.Clone(i.Tags)
	return &c
}

var (
	byTag  = store.NewIndex(func(i *item) []string { return i.Tags })
	byName = store.NewIndex(func(i *item) []string { return []string{i.Name} })
	items  = store.NewTable("item", byTag, byName)
	seen   = store.NewVolatile[item]("seen")
)

// failingLog returns Fail from every Append while it is set, like a full disk.
type failingLog struct {
	*memlog.Log
	Fail error
}

// Append implements store.Log.
func (l *failingLog) Append(batch []store.Write) error {
	if l.Fail != nil {
		return l.Fail
	}
	return l.Log.Append(batch)
}

// open opens a store with the test tables, and closes it at the end of the test.
func open(t testing.TB, log store.Log) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{Log: log, Tables: []store.AnyTable{items, seen}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func openNew(t testing.TB) *store.Store {
	t.Helper()
	return open(t, memlog.New())
}

// do runs fn in a transaction, which must succeed.
func do(t testing.TB, s *store.Store, fn func(tx *store.Tx)) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx *store.Tx) error { fn(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

// put stores v under an ID.
func put(t testing.TB, s *store.Store, id int, v item) {
	t.Helper()
	do(t, s, func(tx *store.Tx) { items.Put(tx, store.ID(id), &v) })
}

// content lists a table by ID.
func content(r store.Reader, table *store.Table[item]) map[int]item {
	list := map[int]item{}
	for row := range table.All(r) {
		list[int(row.Key.A)] = *row.Val
	}
	return list
}

// found lists the IDs that an index finds.
func found(r store.Reader, ix *store.Index[item], text string) (ids []int) {
	for row := range ix.Find(r, text) {
		ids = append(ids, int(row.Key.A))
	}
	return ids
}
