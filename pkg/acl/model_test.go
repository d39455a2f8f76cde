package acl_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// slowMay is May written like AclManager: the nine bits become three more rules, and every rule
// is compared with every mask.
func slowMay(rules []acl.Rule, c *one.Caller, a acl.Ask) bool {
	if t := a.Target; t != nil {
		if l := t.Lock; l != nil && a.Right != one.UseNoLock && a.Right.Bits() >= [...]one.Right{1: 1, 2: 2, 3: 4}[l.Level] && a.Right != one.Create {
			return false
		}
	}
	if c.UID == 0 || slices.Contains(c.Groups, 0) {
		return true
	}
	if t := a.Target; t != nil {
		resource := uint64(a.Kind) | acl.Individual | uint64(a.ID)
		bits := func(class uint) (rights uint64) {
			for _, right := range []one.Right{one.Use, one.Manage, one.Admin} {
				if t.Perms.Allows(class, right) {
					rights |= uint64(right)
				}
			}
			return rights
		}
		rules = append(slices.Clone(rules),
			acl.Rule{User: acl.Individual | uint64(t.UID), Resource: resource, Rights: bits(object.Owner), Zone: acl.All},
			acl.Rule{User: acl.GroupOf | uint64(t.GID), Resource: resource, Rights: bits(object.Group), Zone: acl.All},
			acl.Rule{User: acl.All, Resource: resource, Rights: bits(object.Other), Zone: acl.All})
	}
	return slices.ContainsFunc(rules, func(r acl.Rule) bool { return speaksOf(r, c) && covers(r, c, a) })
}

func speaksOf(r acl.Rule, c *one.Caller) bool {
	for _, gid := range c.Groups {
		if r.User == acl.GroupOf|uint64(gid) {
			return true
		}
	}
	return r.User == acl.All || r.User == acl.Individual|uint64(c.UID)
}

func covers(r acl.Rule, c *one.Caller, a acl.Ask) bool {
	const ids = 0xffffffff
	right := uint64(a.Right.Bits())
	if r.Rights&right != right || r.Zone&acl.All == 0 && r.Zone != acl.Individual {
		return false
	}
	gid, personal := c.GID, false
	if a.Target != nil {
		gid, personal = a.Target.GID, a.Target.Personal
	}
	matches := func(selector uint64, id int) bool {
		return r.Resource&(uint64(a.Kind)|selector|ids) == uint64(a.Kind)|selector|uint64(id)
	}
	if r.Resource&(uint64(a.Kind)|acl.All) == uint64(a.Kind)|acl.All && !personal ||
		matches(acl.GroupOf, gid) || a.ID >= 0 && matches(acl.Individual, a.ID) {
		return true
	}
	return slices.ContainsFunc(a.Clusters, func(id int) bool { return matches(acl.ClusterOf, id) })
}

// Few values, so that rules and requests often match.
var (
	someID    = rapid.IntRange(0, 3)
	someKind  = rapid.SampledFrom([]one.Kind{one.KindVM, one.KindHost, one.KindImage, one.KindVM | one.KindHost})
	someRight = rapid.SampledFrom([]one.Right{one.Use, one.Manage, one.Admin, one.Create, one.UseNoLock})
)

func someRule(t *rapid.T) acl.Rule {
	part := func(name string, selectors ...uint64) uint64 {
		s := rapid.SampledFrom(selectors).Draw(t, name)
		if s == acl.All {
			return s
		}
		return s | uint64(someID.Draw(t, name+" ID"))
	}
	return acl.Rule{
		User:     part("user", acl.Individual, acl.GroupOf, acl.All),
		Resource: uint64(someKind.Draw(t, "kind")) | part("resource", acl.Individual, acl.GroupOf, acl.All, acl.ClusterOf),
		Rights:   uint64(rapid.IntRange(1, 15).Draw(t, "rights")),
		Zone:     part("zone", acl.Individual, acl.All),
	}
}

func someAsk(t *rapid.T) acl.Ask {
	a := acl.Ask{Right: someRight.Draw(t, "right"), Kind: one.KindVM, ID: -1}
	if a.Right == one.Create {
		return a
	}
	a.ID, a.Clusters = someID.Draw(t, "object"), rapid.SliceOfN(someID, 0, 2).Draw(t, "clusters")
	a.Target = &acl.Target{
		UID: someID.Draw(t, "owner"), GID: someID.Draw(t, "group"),
		Perms:    object.Perms(rapid.IntRange(0, 0o777).Draw(t, "perms")),
		Personal: rapid.Bool().Draw(t, "personal"),
	}
	if level := rapid.IntRange(0, 3).Draw(t, "lock"); level > 0 {
		a.Target.Lock = &object.Lock{Level: object.LockLevel(level)}
	}
	return a
}

func TestMayIsWhatTheRulesSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		rules := rapid.SliceOfN(rapid.Custom(someRule), 0, 6).Draw(rt, "rules")
		c := &one.Caller{UID: someID.Draw(rt, "caller"), Groups: rapid.SliceOfNDistinct(someID, 1, 2, rapid.ID).Draw(rt, "groups")}
		c.GID = c.Groups[0]
		a := someAsk(rt)
		s := open(t)
		in(t, s, func(tx *store.Tx) error { // directly, because some are not valid
			for i, r := range rules {
				r.ID = i
				acl.Rules.Put(tx, store.ID(i), &r)
			}
			return nil
		})
		if got, want := acl.May(s.Read(), c, a), slowMay(rules, c, a); got != want {
			rt.Fatalf("%+v of %+v with %v: %v, want %v", a, c, texts(s.Read()), got, want)
		}
	})
}

func TestCheckNamesAllThatIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := &one.Caller{UID: 2, GID: 100, Groups: []int{100}}
	err := acl.Check(s.Read(), c, acl.ToCreate(one.KindVM), acl.Ask{Right: one.UseNoLock, Kind: one.KindImage, ID: 3})
	want := "User [2] : Not authorized to perform CREATE VM; Not authorized to perform USE IMAGE [3]."
	if got := message(err); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	admin := &one.Caller{UID: 7, Groups: []int{0, 100}}
	if err := acl.Check(s.Read(), admin, acl.ToCreate(one.KindVM)); err != nil {
		t.Errorf("a member of oneadmin's group is refused: %v", err)
	}
}

// TestGroupAdminCreatesInHisGroup is about the only selector that matches an object that does
// not exist yet.
func TestGroupAdminCreatesInHisGroup(t *testing.T) {
	t.Parallel()
	s := open(t)
	add(t, s, acl.Rule{User: acl.Individual | 2, Resource: uint64(one.KindUser) | acl.GroupOf | 100, Rights: uint64(one.Create), Zone: acl.All})
	for gid, want := range map[int]bool{100: true, 101: false} {
		c := &one.Caller{UID: 2, GID: gid, Groups: []int{100, 101}}
		if got := acl.May(s.Read(), c, acl.ToCreate(one.KindUser)); got != want {
			t.Errorf("acting in group %d he may: %v, want %v", gid, got, want)
		}
	}
}

func BenchmarkMay(b *testing.B) {
	s := open(b)
	in(b, s, func(tx *store.Tx) error { // as many groups as on a large site
		for gid := range 500 {
			for i, kind := range []one.Kind{one.KindHost, one.KindNet, one.KindDatastore} {
				r := acl.Rule{ID: 3*gid + i, User: acl.GroupOf | uint64(gid), Resource: uint64(kind) | acl.All, Rights: 1, Zone: acl.Individual}
				acl.Rules.Put(tx, store.ID(r.ID), &r)
			}
		}
		return nil
	})
	c := &one.Caller{UID: 2, GID: 100, Groups: []int{100, 101}}
	a := acl.Ask{Right: one.Use, Kind: one.KindDatastore, ID: 1, Clusters: []int{0}, Target: &acl.Target{}}
	snap := s.Read()
	b.ReportAllocs()
	for b.Loop() {
		if !acl.May(snap, c, a) {
			b.Fatal("refused")
		}
	}
}
