package transfer

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

const life = 24 * time.Hour

// newCleaner makes a cleaner whose clock is a day and a bit after that of its store.
func newCleaner(t *testing.T) *Cleaner {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: append(rvpe.Tables(), vm.Kind.Table, image.Kind.Table)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return &Cleaner{
		Store: st, Depot: newDepot(t), Guests: &Guests{Keys: filepath.Join(t.TempDir(), "keys")},
		Life: life, Clock: func() time.Time { return time.Now().Add(life + time.Hour) }, Log: zerolog.Nop(),
	}
}

func (c *Cleaner) do(t *testing.T, fn func(tx *store.Tx)) {
	t.Helper()
	if err := c.Store.Update(t.Context(), func(tx *store.Tx) error { fn(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

// session makes one with its file, which is as old as everything here.
func (c *Cleaner) session(t *testing.T, name string, put bool) {
	t.Helper()
	s := rvpe.Transfer{Name: name, MemberID: 1, Put: put, Path: "/the/file/of/an/image"}
	if put {
		if s.Path = c.Depot.Path(name); c.Depot.Create(name) != nil {
			t.Fatal("no file")
		}
	}
	c.do(t, func(tx *store.Tx) { rvpe.BeginTransfer(tx, s) })
}

// left lists the sessions and the files that there are.
func (c *Cleaner) left(t *testing.T) (sessions, files []string) {
	t.Helper()
	if err := c.Clean(t.Context()); err != nil {
		t.Fatal(err)
	}
	for s := range rvpe.Transfers(c.Store.Read()) {
		sessions = append(sessions, s.Name)
	}
	entries, err := os.ReadDir(c.Depot.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		files = append(files, e.Name())
	}
	slices.Sort(sessions)
	return sessions, files
}

// TestCleanerEndsOldSessions, and nothing else: a young session has its file, and a
// young file that is no session's is one that is just being made.
func TestCleanerEndsOldSessions(t *testing.T) {
	t.Parallel()
	c := newCleaner(t)
	c.session(t, "put", true)
	c.session(t, "get", false)
	for _, name := range []string{"stray", "new"} {
		if err := c.Depot.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	beside := filepath.Join(filepath.Dir(c.Depot.Dir), "image")
	if err := os.WriteFile(beside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	late := c.Clock()
	c.Clock = func() time.Time { return late.Add(-2 * time.Hour) } // all are younger than a day
	if s, f := c.left(t); len(s) != 2 || len(f) != 3 {
		t.Errorf("young ones are gone: %v %v", s, f)
	}
	if err := os.Chtimes(c.Depot.Path("new"), late, late); err != nil {
		t.Fatal(err)
	}
	c.Clock = func() time.Time { return late }
	s, f := c.left(t)
	if diff := cmp.Diff([]string{"new"}, append(s, f...)); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(beside); err != nil {
		t.Error("a file beside the folder is gone:", err)
	}
}

// TestCleanerForgetsKeys of VMs that are over: not those of others, not one that somebody
// is about to use, not what somebody else has there.
func TestCleanerForgetsKeys(t *testing.T) {
	t.Parallel()
	c := newCleaner(t)
	keep := func(key string) string {
		files, err := c.Guests.Files(key)
		if err != nil {
			t.Fatal(err)
		}
		return files[len(files)-1]
	}
	lives, over, nobodys, again := keep("lives"), keep("over"), keep("nobody's"), keep("again")
	strange := filepath.Join(c.Guests.Keys, "alice", keyFile)
	if err := os.Mkdir(filepath.Dir(strange), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(strange, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c.do(t, func(tx *store.Tx) {
		for id, v := range []struct {
			path  string
			state one.VMState
		}{{"/scripts/init.rb " + lives, one.VMActive}, {over, one.VMDone}} {
			vm.Kind.Put(tx, &vm.VM{
				Meta:  object.Meta{ID: id, Template: attr.Template{attr.NewVector("CONTEXT", attr.Pair{Key: "FILES", Value: v.path})}},
				State: v.state,
			})
		}
	})
	old := time.Now().Add(-time.Hour)
	for _, path := range []string{lives, over, nobodys, again, strange} {
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	c.Clock = time.Now
	keep("again")
	if err := c.Clean(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{lives: true, again: true, strange: true, over: false, nobodys: false} {
		if exists(path) != want {
			t.Errorf("%s is there: %v, want %v", path, !want, want)
		}
	}
	if exists(filepath.Dir(over)) {
		t.Error("its folder is still there")
	}
}
