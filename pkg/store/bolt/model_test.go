package bolt

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// model is a simple store: a map of rows.
type model map[store.Key]item

// TestRandomTransactions changes a store and a map in the same way, reopens the store now and
// then, and compares.
func TestRandomTransactions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		file, err := os.CreateTemp(dir, "db")
		if err != nil {
			rt.Fatal(err)
		}
		file.Close()
		defer os.Remove(file.Name())
		s, want := mustOpen(rt, file.Name()), model{}
		for range rapid.IntRange(1, 8).Draw(rt, "transactions") {
			want = transact(rt, s, want)
			want.check(rt, s.Read())
			if rapid.IntRange(0, 3).Draw(rt, "reopen") == 0 {
				s.Close()
				s = mustOpen(rt, file.Name())
				want.check(rt, s.Read())
			}
		}
		s.Close()
	})
}

func mustOpen(rt *rapid.T, path string) *store.Store {
	s, err := openStore(filepath.Clean(path))
	if err != nil {
		rt.Fatal(err)
	}
	return s
}

var errRollback = errors.New("rolled back")

// transact runs a random transaction and returns the model after it.
func transact(rt *rapid.T, s *store.Store, before model) model {
	after := model{}
	for k, v := range before {
		after[k] = v
	}
	fails := rapid.IntRange(0, 3).Draw(rt, "fails") == 0
	err := s.Update(rt.Context(), func(tx *store.Tx) error {
		for range rapid.IntRange(1, 6).Draw(rt, "changes") {
			change(rt, tx, after)
			after.check(rt, tx)
		}
		if fails {
			return errRollback
		}
		return nil
	})
	if fails != errors.Is(err, errRollback) || !fails && err != nil {
		rt.Fatalf("the answer is %v", err)
	}
	if fails {
		return before
	}
	return after
}

// change makes a change in a transaction and in its model.
func change(rt *rapid.T, tx *store.Tx, m model) {
	key := store.Pair(rapid.IntRange(-1, 3).Draw(rt, "a"), rapid.IntRange(0, 2).Draw(rt, "b"))
	tags := rapid.SliceOfNDistinct(rapid.SampledFrom(tagsUsed), 0, 2, rapid.ID).Draw(rt, "tags")
	switch rapid.SampledFrom([]string{"put", "edit", "delete", "touch"}).Draw(rt, "do") {
	case "put":
		items.Put(tx, key, &item{"new", tags})
		m[key] = item{"new", slices.Clone(tags)}
	case "edit":
		if v, ok := items.Edit(tx, key); ok {
			v.Name, v.Tags = v.Name+"+", tags
			items.Put(tx, key, v)
			m[key] = item{v.Name, slices.Clone(tags)}
		}
	case "delete":
		items.Delete(tx, key)
		delete(m, key)
	case "touch":
		items.Touch(tx, key)
	}
}

var tagsUsed = []string{"", "a", "ab", "b"}

// check compares the rows, and the index with a walk.
func (m model) check(rt *rapid.T, r store.Reader) {
	got, byWalk, byIndex := model{}, map[string][]store.Key{}, map[string][]store.Key{}
	for row := range items.All(r) {
		got[row.Key] = item{row.Val.Name, append([]string{}, row.Val.Tags...)}
		for _, tag := range row.Val.Tags {
			byWalk[tag] = append(byWalk[tag], row.Key)
		}
	}
	for _, tag := range tagsUsed {
		for row := range byTag.Find(r, tag) {
			byIndex[tag] = append(byIndex[tag], row.Key)
		}
	}
	want := model{}
	for k, v := range m {
		want[k] = item{v.Name, append([]string{}, v.Tags...)}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		rt.Fatalf("wrong rows:\n%s", diff)
	}
	if diff := cmp.Diff(byWalk, byIndex); diff != "" {
		rt.Fatalf("the index differs from a walk:\n%s", diff)
	}
}
