package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// TestUnusualRowsAreReadBack: rows that the CBOR library refuses to decode by default, with
// invalid UTF-8 and very long lists.
func TestUnusualRowsAreReadBack(t *testing.T) {
	t.Parallel()
	log := memlog.New()
	want := map[int]item{
		1: {Name: "\xff\xfe\x00"},
		2: {Name: "many", Tags: slices.Repeat([]string{"x"}, 200_000)},
		3: {},
	}
	s := open(t, log)
	for id, v := range want {
		put(t, s, id, v)
	}
	s.Close()
	if diff := cmp.Diff(want, content(open(t, log).Read(), items)); diff != "" {
		t.Errorf("after a restart it is something else:\n%.500s", diff)
	}
}

// TestRandomRowsSurviveARestart also compares the indexes, which are built in another way after
// a restart.
func TestRandomRowsSurviveARestart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		log := memlog.New()
		s := open(t, log)
		tag := rapid.SampledFrom([]string{"", "a", "b", "ab"})
		for range rapid.IntRange(1, 20).Draw(rt, "changes") {
			id := rapid.IntRange(-3, 10).Draw(rt, "id")
			v := item{Name: rapid.String().Draw(rt, "name"), Tags: rapid.SliceOfN(tag, 0, 3).Draw(rt, "tags")}
			do(t, s, func(tx *store.Tx) {
				if rapid.Bool().Draw(rt, "delete") {
					items.Delete(tx, store.ID(id))
					return
				}
				items.Put(tx, store.ID(id), &v)
			})
		}
		before := s.Read()
		s.Close()
		after := open(t, log).Read()
		for _, text := range []string{"", "a", "b", "ab"} {
			if diff := cmp.Diff(found(before, byTag, text), found(after, byTag, text)); diff != "" {
				rt.Fatalf("the index finds others under %q:\n%s", text, diff)
			}
		}
		if items.Len(before) != items.Len(after) {
			rt.Fatalf("%d rows became %d", items.Len(before), items.Len(after))
		}
	})
}
