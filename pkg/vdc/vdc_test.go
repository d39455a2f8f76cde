package vdc_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vdc"
)

// world is a store with the default VDC, and the empty VDC 100.
type world struct{ *store.Store }

func open(t testing.TB) world {
	t.Helper()
	s, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{vdc.Kind.Table, acl.Rules}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	w := world{s}
	named, _ := attr.Parse("NAME=lab\nNOTE=x")
	if err := w.try(vdc.Setup, func(tx *store.Tx) error { _, err := vdc.Allocate(tx, named); return err }); err != "" {
		t.Fatal(err)
	}
	return w
}

// try runs rules in one transaction and returns their error, "" for none.
func (w world) try(rules ...func(*store.Tx) error) string {
	err := w.Update(context.Background(), func(tx *store.Tx) error {
		for _, rule := range rules {
			if err := rule(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err.Error()
	}
	return ""
}

// rules are the ACL rules except those of the default VDC.
func (w world) rules() []string {
	var rules []string
	for _, r := range acl.Ordered(w.Read()) {
		if r.User != acl.GroupOf|one.UsersGroupID {
			rules = append(rules, r.String())
		}
	}
	slices.Sort(rules)
	return rules
}

func (w world) get(t testing.TB, id int) *vdc.VDC {
	t.Helper()
	v, err := vdc.Kind.Get(w.Read(), id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func addGroup(id, gid int) func(*store.Tx) error {
	return func(tx *store.Tx) error { return vdc.AddGroup(tx, id, gid) }
}

func delGroup(id, gid int) func(*store.Tx) error {
	return func(tx *store.Tx) error { return vdc.DelGroup(tx, id, gid) }
}

func add(kind one.Kind, zone, id int) func(*store.Tx) error {
	return func(tx *store.Tx) error { return vdc.AddResource(tx, 100, kind, vdc.Resource{ZoneID: zone, ID: id}) }
}

func del(kind one.Kind, zone, id int) func(*store.Tx) error {
	return func(tx *store.Tx) error { return vdc.DelResource(tx, 100, kind, vdc.Resource{ZoneID: zone, ID: id}) }
}

func TestGroupsJoinTheDefault(t *testing.T) {
	t.Parallel()
	w := open(t)
	join := func(tx *store.Tx) error { return vdc.JoinDefault(tx, 100) }
	if err := w.try(join, join); err != "" {
		t.Fatal(err)
	}
	want := []string{"@100 DATASTORE/* USE #0", "@100 HOST/* MANAGE #0", "@100 NET/* USE #0"}
	if diff := cmp.Diff(want, w.rules()); diff != "" {
		t.Errorf("wrong rules:\n%s", diff)
	}
	if got := w.get(t, 0).Groups; !cmp.Equal(got, []int{1, 100}) {
		t.Errorf("groups %v, want 1 and 100", got)
	}
	w.try(func(tx *store.Tx) error { vdc.Forget(tx, 100); return nil })
	if got := w.get(t, 0).Groups; !cmp.Equal(got, []int{1}) || w.rules() != nil {
		t.Errorf("the group that is no more left %v and %v", got, w.rules())
	}
}

func TestGroupsGetTheResources(t *testing.T) {
	t.Parallel()
	w := open(t)
	err := w.try(add(one.KindHost, 0, 7), addGroup(100, 100), add(one.KindCluster, 0, 101), add(one.KindDatastore, 3, 1),
		add(one.KindNet, 0, vdc.All))
	want := []string{
		"@100 DATASTORE/#1 USE #3", "@100 DATASTORE/%101 USE #0", "@100 HOST/#7 MANAGE #0", "@100 HOST/%101 MANAGE #0",
		"@100 NET/%101 USE #0", "@100 NET/* USE #0",
	}
	if diff := cmp.Diff(want, w.rules()); err != "" || diff != "" {
		t.Errorf("wrong rules (%s):\n%s", err, diff)
	}
	err = w.try(add(one.KindHost, 5, 8), add(one.KindHost, 0, vdc.All)) // replaces host 7
	if got := w.get(t, 100).Hosts; err != "" || !cmp.Equal(got, []vdc.Resource{{ZoneID: 0, ID: vdc.All}, {ZoneID: 5, ID: 8}}) {
		t.Errorf("hosts %v (%s), want all of zone 0 and host 8 of zone 5", got, err)
	}
	err = w.try(func(tx *store.Tx) error { return vdc.Delete(tx, 100) })
	if err != "" || w.rules() != nil {
		t.Errorf("the VDC left %v (%s)", w.rules(), err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	w := open(t)
	if err := w.try(addGroup(100, 100), add(one.KindHost, 0, 7)); err != "" {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule func(*store.Tx) error
		want string
	}{
		{addGroup(100, 100), "Group 100 is already assigned to the VDC 100"},
		{delGroup(100, 101), "Group 101 is not assigned to the VDC 100"},
		{add(one.KindHost, 0, 7), "HOST 7 from Zone 0 is already assigned to the VDC"},
		{del(one.KindHost, 1, 7), "HOST 7 from Zone 1 is not assigned to the VDC "},
		{addGroup(4242, 100), "Error getting VDC [4242]."},
		{func(tx *store.Tx) error { return vdc.Delete(tx, 0) }, "Cannot delete VDC. System VDCs (ID < 100) cannot be deleted."},
		{func(tx *store.Tx) error { _, err := vdc.Allocate(tx, nil); return err }, "Invalid NAME, it cannot be empty"},
		{func(tx *store.Tx) error {
			named, err := attr.Parse("NAME=lab")
			_, second := vdc.Allocate(tx, named)
			return errors.Join(err, second)
		}, "NAME is already taken by Vdc 100."},
	} {
		if got := w.try(c.rule); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestDeletedObjectsLeaveTheirVDCs(t *testing.T) {
	t.Parallel()
	w := open(t)
	err := w.try(addGroup(100, 100), add(one.KindHost, 0, 7), add(one.KindHost, 2, 7), func(tx *store.Tx) error {
		vdc.ForgetResource(tx, one.KindHost, vdc.Resource{ZoneID: 0, ID: 7})
		return nil
	})
	if got := w.get(t, 100).Hosts; err != "" || !cmp.Equal(got, []vdc.Resource{{ZoneID: 2, ID: 7}}) {
		t.Errorf("hosts %v (%s), want that of zone 2", got, err)
	}
	if got := w.rules(); !cmp.Equal(got, []string{"@100 HOST/#7 MANAGE #2"}) {
		t.Errorf("rules %v", got)
	}
}

// TestACLRulesFollowTheVDC: after any operations on a VDC, its ACL rules are exactly those for
// its groups and resources.
func TestACLRulesFollowTheVDC(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := open(t)
		kinds := rapid.SampledFrom([]one.Kind{one.KindCluster, one.KindHost, one.KindDatastore, one.KindNet})
		ids, gids := rapid.SampledFrom([]int{vdc.All, 100, 101}), rapid.IntRange(100, 101)
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			kind, zone, id, gid := kinds.Draw(rt, "kind"), rapid.IntRange(0, 1).Draw(rt, "zone"), ids.Draw(rt, "id"), gids.Draw(rt, "gid")
			if kind == one.KindCluster && id == vdc.All {
				id = 102 // all clusters and all hosts lead to the same rule, which is removed with the first of the two, as in oned
			}
			w.try([]func(*store.Tx) error{
				add(kind, zone, id), del(kind, zone, id), addGroup(100, gid), delGroup(100, gid),
			}[rapid.IntRange(0, 3).Draw(rt, "what")])
			if diff := cmp.Diff(w.expected(t), w.rules()); diff != "" {
				rt.Fatalf("wrong rules:\n%s", diff)
			}
		}
	})
}

// expected are the ACL rules for VDC 100, computed from its groups and resources.
func (w world) expected(t testing.TB) []string {
	fresh := open(t)
	v := w.get(t, 100)
	var steps []func(*store.Tx) error
	for kind, list := range map[one.Kind][]vdc.Resource{
		one.KindCluster: v.Clusters, one.KindHost: v.Hosts, one.KindDatastore: v.Datastores, one.KindNet: v.VNets,
	} {
		for _, r := range list {
			steps = append(steps, add(kind, r.ZoneID, r.ID))
		}
	}
	for _, gid := range v.Groups {
		steps = append(steps, addGroup(100, gid))
	}
	if err := fresh.try(steps...); err != "" {
		t.Fatal(err)
	}
	return fresh.rules()
}
