package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

func TestTouchRenewsTheRendition(t *testing.T) {
	t.Parallel()
	log := &slowLog{failingLog: failingLog{Log: memlog.New()}, gate: make(chan struct{})}
	close(log.gate)
	s := open(t, log)
	put(t, s, 1, item{Name: "a"})
	made := 0
	render := func(*item) []byte { made++; return []byte("<X/>") }
	show := func() {
		row, _ := items.Row(s.Read(), store.ID(1))
		row.Rendition(0, render)
		row.Rendition(0, render)
	}
	show()
	do(t, s, func(tx *store.Tx) { items.Touch(tx, store.ID(1)) })
	show()
	do(t, s, func(tx *store.Tx) { items.Touch(tx, store.ID(99)) }) // does not exist
	show()
	if made != 2 || s.Read().Rev != 2 {
		t.Errorf("rendered %d times in %d revisions, want 2 in 2", made, s.Read().Rev)
	}
	if diff := cmp.Diff([]int{1}, log.batches); diff != "" {
		t.Errorf("touching was written down:\n%s", diff)
	}
}

func TestDerived(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	built := 0
	count := func(r store.Reader) int {
		return store.Derived(r, items, func() int { built++; return items.Len(r) })
	}
	check := func(r store.Reader, want, wantBuilt int) {
		t.Helper()
		if got := count(r); got != want || built != wantBuilt {
			t.Errorf("derived %d, built %d times; want %d, %d", got, built, want, wantBuilt)
		}
	}
	old := s.Read()
	check(old, 0, 1)
	check(old, 0, 1)
	do(t, s, func(tx *store.Tx) {
		check(tx, 0, 1)
		items.Put(tx, store.ID(1), &item{})
		check(tx, 1, 2)
		items.Put(tx, store.ID(2), &item{})
		check(tx, 2, 3)
		items.Put(tx, store.ID(3), &item{})
		items.Delete(tx, store.ID(1))
		items.Delete(tx, store.ID(2))
	})
	check(s.Read(), 1, 4)
	check(old, 0, 4)
	do(t, s, func(tx *store.Tx) { seen.Put(tx, store.ID(1), &item{}) })
	check(s.Read(), 1, 4) // another table changed
}

func TestNumbersAreGivenOnceAcrossReopen(t *testing.T) {
	t.Parallel()
	log := memlog.New()
	var got []int
	next := func(s *store.Store, sequence string, first int) {
		do(t, s, func(tx *store.Tx) { got = append(got, tx.Next(sequence, first)) })
	}
	s := open(t, log)
	next(s, "vm", 0)
	next(s, "vm", 0)
	next(s, "group", 100)
	s.Close()
	s = open(t, log)
	next(s, "vm", 0)
	next(s, "group", 100)
	next(s, "host", 1)
	next(s, "vm", 50) // the first number may be higher in a later version
	next(s, "vm", 50)
	if diff := cmp.Diff([]int{0, 1, 100, 2, 101, 1, 50, 51}, got); diff != "" {
		t.Errorf("wrong numbers:\n%s", diff)
	}
}

func TestVolatileRowsEndWithTheProcess(t *testing.T) {
	t.Parallel()
	log := memlog.New()
	s := open(t, log)
	do(t, s, func(tx *store.Tx) {
		items.Put(tx, store.ID(1), &item{Name: "kept"})
		seen.Put(tx, store.ID(1), &item{Name: "seen"})
	})
	if seen.Len(s.Read()) != 1 {
		t.Error("a volatile row is not there at all")
	}
	s.Close()
	s = open(t, log)
	if items.Len(s.Read()) != 1 || seen.Len(s.Read()) != 0 {
		t.Errorf("%d durable and %d volatile rows, want 1 and 0", items.Len(s.Read()), seen.Len(s.Read()))
	}
}

func TestWalks(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	do(t, s, func(tx *store.Tx) {
		for _, k := range []store.Key{store.Pair(2, 0), store.Pair(1, 1), store.Pair(-1, 0), store.Pair(1, 0), store.Pair(3, 5)} {
			items.Put(tx, k, &item{Tags: []string{"x"}})
		}
	})
	snap := s.Read()
	got := map[string][]store.Key{}
	for row := range items.All(snap) {
		got["all"] = append(got["all"], row.Key)
	}
	for row := range items.Backward(snap) {
		got["backward"] = append(got["backward"], row.Key)
	}
	for row := range items.From(snap, store.Pair(1, 1)) {
		got["from"] = append(got["from"], row.Key)
	}
	for row := range items.Of(snap, 1) {
		got["of"] = append(got["of"], row.Key)
	}
	for row := range byTag.Find(snap, "x") {
		got["find"] = append(got["find"], row.Key)
		if len(got["find"]) == 2 {
			break
		}
	}
	want := map[string][]store.Key{
		"all":      {{A: -1}, {A: 1}, {A: 1, B: 1}, {A: 2}, {A: 3, B: 5}},
		"backward": {{A: 3, B: 5}, {A: 2}, {A: 1, B: 1}, {A: 1}, {A: -1}},
		"from":     {{A: 1, B: 1}, {A: 2}, {A: 3, B: 5}},
		"of":       {{A: 1}, {A: 1, B: 1}},
		"find":     {{A: -1}, {A: 1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong rows:\n%s", diff)
	}
}

func TestUnknownTableIsRefused(t *testing.T) {
	t.Parallel()
	log := memlog.New()
	put(t, open(t, log), 1, item{Name: "a"})
	if _, err := store.Open(store.Options{Log: log}); err == nil {
		t.Error("a log with a table that nobody declared was opened: its rows would be lost")
	}
}

// TestDependentTexts are created again if the row or another value has changed.
func TestDependentTexts(t *testing.T) {
	t.Parallel()
	made := 0
	render := func(*int) []byte { made++; return []byte{byte(made)} }
	a, b := new(int), new(int)
	row := &store.Row[int]{Val: new(int)}
	for _, step := range []struct {
		of   []any
		want byte
	}{
		{nil, 1}, {nil, 1}, {[]any{a}, 2}, {[]any{a}, 2}, {[]any{b}, 3}, {[]any{b, "x"}, 4}, {[]any{b, "x"}, 4}, {[]any{b, "y"}, 5}, {nil, 6},
	} {
		if got := row.Dependent(0, step.of, render); got[0] != step.want {
			t.Errorf("of %v: the text that was made %d., want %d.", step.of, got[0], step.want)
		}
	}
	if got := row.Dependent(1, []any{a}, render); got[0] != 7 {
		t.Error("one text in another's place")
	}
}

// TestVersion differs if and only if the table has changed.
func TestVersion(t *testing.T) {
	t.Parallel()
	s := open(t, memlog.New())
	put(t, s, 1, item{Name: "a"})
	before := items.Version(s.Read())
	if items.Version(s.Read()) != before {
		t.Error("it is another though nothing changed")
	}
	put(t, s, 2, item{Name: "b"})
	if items.Version(s.Read()) == before {
		t.Error("it is the same though a row came")
	}
}
