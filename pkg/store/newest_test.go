package store_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// Newest finds the same as a walk.
func TestNewestAgreesWithAWalk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{items}})
		if err != nil {
			rt.Fatal(err)
		}
		defer s.Close()
		tags := rapid.SliceOfN(rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), func(s string) string { return s }), 0, 200).Draw(rt, "tags")
		err = s.Update(rt.Context(), func(tx *store.Tx) error {
			for id, t := range tags {
				items.Put(tx, store.ID(3*id), &item{Tags: t})
			}
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
		for _, tag := range []string{"", "a", "b", "c", "d"} {
			var keys []store.Key
			for row := range items.Backward(s.Read()) {
				if tag == "" || slices.Contains(row.Val.Tags, tag) {
					keys = append(keys, row.Key)
				}
			}
			for n := range len(keys) + 2 {
				got, ok := items.Newest(s.Read(), n)
				if tag != "" {
					got, ok = byTag.Newest(s.Read(), tag, n)
				}
				if ok != (n < len(keys)) || ok && got != keys[n] {
					rt.Fatalf("number %d of %q is %v, %v; by walking %v", n, tag, got, ok, keys)
				}
			}
		}
	})
}
