package acl_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

func open(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{acl.Rules}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// in runs fn in a transaction, which must succeed.
func in(t testing.TB, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// add makes valid rules.
func add(t testing.TB, s *store.Store, rules ...acl.Rule) {
	t.Helper()
	in(t, s, func(tx *store.Tx) error {
		for _, r := range rules {
			if _, err := acl.Add(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// texts lists the rules in order, as text.
func texts(r store.Reader) (list []string) {
	for _, rule := range acl.Ordered(r) {
		list = append(list, rule.String())
	}
	return list
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
