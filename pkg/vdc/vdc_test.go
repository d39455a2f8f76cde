package vdc_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vdc"
)

func TestGroupsJoinTheDefault(t *testing.T) {
	t.Parallel()
	s, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{vdc.Kind.Table, acl.Rules}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(vdc.Setup(tx), vdc.JoinDefault(tx, 100), vdc.JoinDefault(tx, 100))
	})
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, r := range acl.Ordered(s.Read()) {
		rules = append(rules, r.String())
	}
	want := []string{ // of oned's first start and one group
		"@1 HOST/* MANAGE #0", "@1 NET/* USE #0", "@1 DATASTORE/* USE #0",
		"@100 HOST/* MANAGE #0", "@100 NET/* USE #0", "@100 DATASTORE/* USE #0",
	}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Errorf("wrong rules:\n%s", diff)
	}
	if got := members(t, s); !cmp.Equal(got, []int{1, 100}) {
		t.Errorf("groups %v, want 1 and 100", got)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		vdc.Forget(tx, 1)
		return nil
	})
	if got := members(t, s); err != nil || !cmp.Equal(got, []int{100}) {
		t.Errorf("groups %v (%v), want 100", got, err)
	}
}

func members(t *testing.T, s *store.Store) []int {
	t.Helper()
	v, err := vdc.Kind.Get(s.Read(), vdc.DefaultID)
	if err != nil {
		t.Fatal(err)
	}
	return v.Groups
}
