package quota_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// open makes a store with the tables of quotas.
func open(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{Log: memlog.New(), Tables: append(quota.Tables(), cluster.Kind.Table)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// in runs fn in a transaction, which must succeed.
func in(t testing.TB, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// template parses a valid template.
func template(t testing.TB, text string) attr.Template {
	t.Helper()
	tmpl, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

// limit sets limits of user 2.
func limit(t testing.TB, s *store.Store, text string) {
	t.Helper()
	in(t, s, func(tx *store.Tx) error { return quota.SetLimits(tx, quota.Users, 2, template(t, text), nil) })
}

func charge(s *store.Store, uid, gid int, d quota.Delta) error {
	return s.Update(context.Background(), func(tx *store.Tx) error { return quota.Charge(tx, uid, gid, d) })
}

func TestCharge(t *testing.T) {
	t.Parallel()
	vm := quota.Delta{VMs: 1, CPU: 0.5, MemoryMB: 512, RunningVMs: 1, RunningCPU: 0.5, RunningMemoryMB: 512, ClusterID: quota.NotPlaced}
	tests := []struct {
		name, users, defaults, groups string
		delta                         quota.Delta
		want                          string // the error
	}{
		{name: "no limit", delta: vm},
		{name: "room", users: "VM=[VMS=1,CPU=0.5]", delta: vm},
		{name: "VMs", users: "VM=[VMS=0]", delta: vm, want: "user [2] limit of 0 reached for VMS quota in VM."},
		{name: "VMs are looked at first", users: "VM=[VMS=0,CPU=0]", delta: vm, want: "user [2] limit of 0 reached for VMS quota in VM."},
		{name: "tenths", users: "VM=[CPU=0.4]", delta: vm, want: "user [2] limit of 0.4 reached for CPU quota in VM."},
		{name: "fractions", users: "VM=[CPU=0.49]", delta: vm, want: "user [2] limit of 0.49 reached for CPU quota in VM."},
		{name: "running", users: "VM=[RUNNING_MEMORY=511]", delta: vm, want: "user [2] limit of 511 reached for RUNNING_MEMORY quota in VM."},
		{name: "default", defaults: "VM=[VMS=0]", delta: vm, want: "user [2] limit of 0 reached for VMS quota in VM."},
		{name: "own limit before the default", defaults: "VM=[VMS=0]", users: "VM=[VMS=5]", delta: vm},
		{name: "unlimited before the default", defaults: "VM=[VMS=0]", users: "VM=[VMS=-2]", delta: vm},
		{name: "minus one is the default", defaults: "VM=[VMS=0]", users: "VM=[VMS=-1]", delta: vm, want: "user [2] limit of 0 reached for VMS quota in VM."},
		{name: "group", groups: "VM=[VMS=0]", delta: vm, want: "group [100] limit of 0 reached for VMS quota in VM."},
		{name: "network", users: "NETWORK=[ID=3,LEASES=1]", delta: quota.Delta{Networks: map[int]int{3: 2}},
			want: "user [2] limit of 1 reached for LEASES quota in NETWORK with ID: 3."},
		{name: "other network", users: "NETWORK=[ID=3,LEASES=1]", delta: quota.Delta{Networks: map[int]int{4: 2}}},
		{name: "image", users: "IMAGE=[ID=0,RVMS=0]", delta: quota.Delta{Images: map[int]int{0: 1}},
			want: "user [2] limit of 0 reached for RVMS quota in IMAGE with ID: 0."},
		{name: "datastore size", users: "DATASTORE=[ID=1,SIZE=99,IMAGES=0]", delta: quota.Delta{Datastores: map[int]quota.Store{1: {Images: 1, SizeMB: 100}}},
			want: "user [2] limit of 99 reached for SIZE quota in DATASTORE with ID: 1."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			limit(t, s, tt.users)
			in(t, s, func(tx *store.Tx) error {
				return errors.Join(
					quota.SetDefaults(tx, quota.OfUsers, template(t, tt.defaults)),
					quota.SetLimits(tx, quota.Groups, 100, template(t, tt.groups), nil))
			})
			err := charge(s, 2, 100, tt.delta)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if err != nil && !errors.Is(err, one.ErrAuthorization) {
				t.Errorf("%v has the wrong code", err)
			}
		})
	}
}

func TestRefusedChargeCountsNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	in(t, s, func(tx *store.Tx) error {
		return quota.SetLimits(tx, quota.Groups, 100, template(t, "VM=[VMS=0]"), nil)
	})
	in(t, s, func(tx *store.Tx) error {
		if err := quota.Charge(tx, 2, 100, quota.Delta{VMs: 1}); err == nil {
			t.Error("a group limit of 0 VMs let a VM through")
		}
		return nil
	})
	if _, ok := quota.Users.Get(s.Read(), store.ID(2)); ok {
		t.Error("the user was charged though his group was not")
	}
}

func TestOneadminIsNotCounted(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := charge(s, 0, 0, quota.Delta{VMs: 1}); err != nil {
		t.Fatal(err)
	}
	if n := quota.Users.Len(s.Read()) + quota.Groups.Len(s.Read()); n != 0 {
		t.Errorf("%d rows of usage, want none", n)
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	s := open(t)
	d := quota.Delta{VMs: 1}
	limit(t, s, "VM=[VMS=0]")
	if err := charge(s, 3, 100, d); err != nil {
		t.Fatal(err)
	}
	move := func(uid, gid int) error {
		return s.Update(t.Context(), func(tx *store.Tx) error { return quota.Move(tx, 3, 100, uid, gid, d) })
	}
	if err := move(2, 100); err == nil {
		t.Error("moved to a user whose limit is 0")
	}
	if err := move(3, 101); err != nil {
		t.Errorf("moving to another group: %v", err)
	}
	if _, ok := quota.Groups.Get(s.Read(), store.ID(100)); ok {
		t.Error("the group that was left is still charged")
	}
	if _, ok := quota.Users.Get(s.Read(), store.ID(3)); !ok {
		t.Error("the user who stayed is no longer charged")
	}
}

func TestSetLimits(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"no ID", "DATASTORE=[IMAGES=1]", "Negative limits or bad format in quota DATASTORE = [ IMAGES=1 ]"},
		{"negative", "VM=[VMS=-3]", "Negative limits or bad format in quota VM = [ UID=2,VMS=-3 ]"},
		{"any number is an ID", `DATASTORE=[ID="-1",IMAGES=1] DATASTORE=[ID="+01",IMAGES=1]`, ""},
		{"too large for an ID", "IMAGE=[ID=2147483648,RVMS=1]", "Negative limits or bad format in quota IMAGE = [ ID=2147483648,RVMS=1 ]"},
		{"empty words of a cluster list", `VM=[CLUSTER_IDS="0, ,1,",VMS=1]`, ""},
		{"a cluster list of empty words", `VM=[CLUSTER_IDS=",",VMS=1]`, `CLUSTER_IDS = "," is not a list of cluster IDs such as 0,100`},
		{"words are no limits", "VM=[VMS=abc]", ""},
		{"no such cluster", `VM=[CLUSTER_IDS="7",VMS=1]`, "Cluster 7 does not exist"},
		{"cluster list", `VM=[CLUSTER_IDS="x",VMS=1]`, `CLUSTER_IDS = "x" is not a list of cluster IDs such as 0,100`},
		{"cluster twice", `VM=[CLUSTER_IDS="0",VMS=1] VM=[CLUSTER_IDS="0,1",VMS=1]`, "Quota for cluster id 0 already exists"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			in(t, s, func(tx *store.Tx) error {
				for id := range 2 {
					cluster.Kind.Table.Put(tx, store.ID(id), &cluster.Cluster{})
				}
				return nil
			})
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				return quota.SetLimits(tx, quota.Users, 2, template(t, tt.text), nothing)
			})
			if got := message(err); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRefusalsShowSixDigits(t *testing.T) {
	t.Parallel()
	for limited, want := range map[string]string{
		"CPU=1.5": "user [2] limit of 1.5 reached for CPU quota in VM.", "MEMORY=1234567": "user [2] limit of 1.23457e+06 reached for MEMORY quota in VM.",
	} {
		s := open(t)
		limit(t, s, "VM=["+limited+"]")
		if got := message(charge(s, 2, 100, quota.Delta{CPU: 2, MemoryMB: 2345678})); got != want {
			t.Errorf("%s: got %q, want %q", limited, got, want)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func nothing(store.Reader, []int) quota.Delta { return quota.Delta{} }

func TestLimitsReplaceTheWholeEntry(t *testing.T) {
	t.Parallel()
	s := open(t)
	limit(t, s, "VM=[VMS=5,CPU=10]")
	limit(t, s, "VM=[VMS=1]")
	if err := charge(s, 2, 100, quota.Delta{VMs: 1, CPU: 99}); err != nil {
		t.Errorf("the earlier limit of CPUs still stands: %v", err)
	}
}

func TestEmptyQuotasAreRemoved(t *testing.T) {
	t.Parallel()
	s := open(t)
	limit(t, s, "VM=[VMS=5]")
	limit(t, s, "VM=[VMS=-1]")
	if _, ok := quota.Users.Get(s.Read(), store.ID(2)); ok {
		t.Error("a row without limits and usage is still there")
	}
}

func TestClusterLimit(t *testing.T) {
	t.Parallel()
	s := open(t)
	in(t, s, func(tx *store.Tx) error {
		cluster.Kind.Table.Put(tx, store.ID(0), &cluster.Cluster{})
		return quota.SetLimits(tx, quota.Users, 2, template(t, `VM=[CLUSTER_IDS="0",VMS=3]`),
			func(store.Reader, []int) quota.Delta { return quota.Delta{VMs: 2} })
	})
	d := quota.Delta{VMs: 1, ClusterID: 0}
	if err := charge(s, 2, 100, d); err != nil {
		t.Fatalf("two of three used: %v", err)
	}
	want := "user [2] limit of 3 reached for VMS quota in VM with ID: 0."
	if got := message(charge(s, 2, 100, d)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	d.ClusterID = quota.NotPlaced
	if err := charge(s, 2, 100, d); err != nil {
		t.Errorf("a VM in no cluster was refused: %v", err)
	}
}

func TestCloneIsIndependent(t *testing.T) {
	t.Parallel()
	s := open(t)
	limit(t, s, "VM=[VMS=5] NETWORK=[ID=1,LEASES=3]")
	q, _ := quota.Users.Get(s.Read(), store.ID(2))
	before := q.Clone()
	c := q.Clone()
	for class := range c.Entries {
		for i := range c.Entries[class] {
			e := &c.Entries[class][i]
			e.Key, e.Limits[0], e.Used[0] = "9", 77, 77
		}
	}
	if diff := cmp.Diff(before, q); diff != "" {
		t.Errorf("changing a clone changed the original:\n%s", diff)
	}
}
