package group_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// open makes a store with the initial groups, and two more, 100 and 101.
func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{Log: memlog.New(), Tables: append(quota.Tables(), group.Kind.Table, acl.Rules)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		group.Setup(tx)
		for _, name := range []string{"devs", "ops"} {
			if _, err := group.Allocate(tx, name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// try runs fn in a transaction and returns the text of its error.
func try(t *testing.T, s *store.Store, fn func(tx *store.Tx) error) string {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		return err.Error()
	}
	return ""
}

func TestUpdateKeepsAllAndKnowsOperations(t *testing.T) {
	t.Parallel()
	s := open(t)
	update := func(text string) string {
		return try(t, s, func(tx *store.Tx) error { return group.Kind.Update(tx, &one.Caller{}, 100, text, false, nil) })
	}
	if got := update("A=1\nA=2"); got != "" {
		t.Fatal(got)
	}
	if got, want := update("VM_USE_OPERATIONS=fly"), "Cannot update template. Unknown vm operation: fly"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if g, _ := group.Kind.Get(s.Read(), 100); len(g.Template.Named("A")) != 2 {
		t.Errorf("the group has %q", g.Template.Text())
	}
}

func TestAllocate(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, want := range map[string]string{
		"devs": "NAME is already taken by GROUP 100.",
		"":     "Invalid NAME, it cannot be empty",
		"a b":  "Invalid NAME, char ' ' is not allowed",
		"a:b":  "Invalid NAME, char ':' is not allowed",
		"new":  "",
	} {
		got := try(t, s, func(tx *store.Tx) error {
			_, err := group.Allocate(tx, name)
			return err
		})
		if got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestMembersSeeTheirGroup(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := &one.Caller{UID: 7, GID: 100, Groups: []int{100}}
	for id, want := range map[int]bool{0: false, 1: false, 100: true, 101: false} {
		o, clusters, err := group.Kind.Look(s.Read(), id)
		if err != nil {
			t.Fatal(err)
		}
		if got := acl.May(s.Read(), c, acl.On(one.KindGroup, o, clusters, one.Use)); got != want {
			t.Errorf("a member of 100 may use %d: %v, want %v", id, got, want)
		}
		if acl.May(s.Read(), c, acl.On(one.KindGroup, o, clusters, one.Manage)) {
			t.Errorf("a mere member may manage %d", id)
		}
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, tt := range []struct {
		id, members int
		want        string
	}{
		{0, 0, "Cannot delete group. System Groups (ID < 100) cannot be deleted."},
		{1, 5, "Cannot delete group. System Groups (ID < 100) cannot be deleted."},
		{100, 1, "Cannot delete group. Group 100 is not empty."},
		{4242, 0, "Error getting group [4242]."},
		{100, 0, ""},
		{100, 0, "Error getting group [100]."},
	} {
		if got := try(t, s, func(tx *store.Tx) error { return group.Delete(tx, tt.id, tt.members) }); got != tt.want {
			t.Errorf("%d: got %q, want %q", tt.id, got, tt.want)
		}
	}
}

func rules(s *store.Store) (list []string) {
	for _, r := range acl.Ordered(s.Read()) {
		list = append(list, r.String())
	}
	return list
}

func TestAdministrators(t *testing.T) {
	t.Parallel()
	s := open(t)
	of := func(gid string) []string {
		return []string{
			"#7 USER/@" + gid + " USE+MANAGE+ADMIN+CREATE *",
			"#7 VM+NET+IMAGE+TEMPLATE+DOCUMENT+SECGROUP+VROUTER+VMGROUP+BACKUPJOB/@" + gid + " USE+MANAGE *",
			"#7 VROUTER/* CREATE *",
			"#7 GROUP/#" + gid + " MANAGE *",
		}
	}
	ops := of("101")
	for _, step := range []struct {
		name  string
		do    func(tx *store.Tx) error
		want  string
		rules []string
	}{
		{"no member", func(tx *store.Tx) error { return group.AddAdmin(tx, 100, 7, false) },
			"Cannot edit group. User 7 is not part of Group 100.", nil},
		{"one group", func(tx *store.Tx) error { return group.AddAdmin(tx, 100, 7, true) }, "", of("100")},
		{"twice", func(tx *store.Tx) error { return group.AddAdmin(tx, 100, 7, true) },
			"Cannot edit group. User 7 is already an administrator of Group 100.", of("100")},
		{"two groups", func(tx *store.Tx) error { return group.AddAdmin(tx, 101, 7, true) }, "",
			append(of("100"), ops[0], ops[1], ops[3])},
		{"one again", func(tx *store.Tx) error { return group.DelAdmin(tx, 100, 7) }, "",
			[]string{ops[2], ops[0], ops[1], ops[3]}},
		{"none", func(tx *store.Tx) error { return group.DelAdmin(tx, 101, 7) }, "", nil},
		{"not one", func(tx *store.Tx) error { return group.DelAdmin(tx, 101, 7) },
			"Cannot edit group. User 7 is not an administrator of Group 101.", nil},
	} {
		if got := try(t, s, step.do); got != step.want {
			t.Errorf("%s: got %q, want %q", step.name, got, step.want)
		}
		if diff := cmp.Diff(step.rules, rules(s)); diff != "" {
			t.Errorf("%s: wrong rules:\n%s", step.name, diff)
		}
	}
}
