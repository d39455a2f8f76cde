package backupjob_test

import (
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

var oneadmin = &one.Caller{UName: "oneadmin", GName: "oneadmin", Groups: []int{0}}

func open(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: schema.Tables()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// try runs a rule and returns the text of its error, or "".
func try(t *testing.T, st *store.Store, rule func(tx *store.Tx) error) string {
	t.Helper()
	if err := st.Update(t.Context(), rule); err != nil {
		return err.Error()
	}
	return ""
}

// Scheduled actions are deleted by their ID or with their job, but not those of others.
func TestScheduledActionsOfAJob(t *testing.T) {
	t.Parallel()
	st := open(t)
	words, err := attr.Parse(`NAME=nightly
SCHED_ACTION=[TIME="5"]`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what string
		rule func(tx *store.Tx) error
		want string
		left int // number of scheduled actions afterwards
	}{
		{"allocate", func(tx *store.Tx) error { _, err := backupjob.Allocate(tx, oneadmin, words); return err }, "", 1},
		{"add", func(tx *store.Tx) error { _, err := backupjob.AddSchedule(tx, 0, `SCHED_ACTION=[TIME=7]`); return err }, "", 2},
		{"add none", func(tx *store.Tx) error { _, err := backupjob.AddSchedule(tx, 0, `A=1`); return err }, "No SCHED_ACTION attribute in template", 2},
		{"delete one of another object", func(tx *store.Tx) error { return backupjob.DeleteSchedule(tx, 0, 5) }, "Error getting scheduled action [5].", 2},
		{"delete none", func(tx *store.Tx) error { return backupjob.DeleteSchedule(tx, 0, -1) }, "Error getting scheduled action Pool.", 2},
		{"delete", func(tx *store.Tx) error { return backupjob.DeleteSchedule(tx, 0, 0) }, "", 1},
		{"delete a deleted one", func(tx *store.Tx) error { return backupjob.DeleteSchedule(tx, 0, 0) }, "Error getting scheduled action [0].", 1},
		{"delete the job", func(tx *store.Tx) error { return backupjob.Delete(tx, 0) }, "", 0},
	} {
		if got := try(t, st, c.rule); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
		if n := schedule.Table.Len(st.Read()); n != c.left {
			t.Errorf("%s: %d actions are left, want %d", c.what, n, c.left)
		}
	}
}

// TestWhatAJobFailedOf: the job says that a backup was asked for, and why there is none.
func TestWhatAJobFailedOf(t *testing.T) {
	t.Parallel()
	st := open(t)
	words, err := attr.Parse("NAME=nightly")
	if err != nil {
		t.Fatal(err)
	}
	try(t, st, func(tx *store.Tx) error {
		id, err := backupjob.Allocate(tx, oneadmin, words)
		if err != nil {
			t.Fatal(err)
		}
		j, _ := backupjob.Kind.Edit(tx, id)
		j.Template.Set("BACKUP_VMS", "7")
		backupjob.Kind.Put(tx, j)
		vm.JobVMs.Put(tx, store.Pair(id, 7), &vm.JobVM{State: vm.JobOutdated})
		return backupjob.Failed(tx, backupjob.Limits{}, one.Errorf(one.CodeAction, "it sleeps"))
	})
	j, _ := backupjob.Kind.Table.Get(st.Read(), store.ID(0))
	if got := j.Template.Get("ERROR"); !strings.HasSuffix(got, " : [backup] it sleeps") {
		t.Errorf("ERROR is %q", got)
	}
}
