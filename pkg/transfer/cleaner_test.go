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

// newCleaner makes a cleaner whose clock is a little more than a day ahead of its store's.
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

// session makes a session and its file, both old.
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

// left lists the remaining sessions and files.
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

// TestCleanerEndsOldSessions: new sessions keep their files, and new files without a session
// stay, as their session is just being opened.
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
	c.Clock = func() time.Time { return late.Add(-2 * time.Hour) } // everything is newer than a day
	if s, f := c.left(t); len(s) != 2 || len(f) != 3 {
		t.Errorf("new sessions or files have been deleted: %v %v", s, f)
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
		t.Error("a file outside of the folder has been deleted:", err)
	}
}

// TestCleanerForgetsKeys of VMs that are DONE, but keeps those of other VMs, new ones, and
// files of others in the folder.
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
			t.Errorf("%s exists: %v, want %v", path, !want, want)
		}
	}
	if exists(filepath.Dir(over)) {
		t.Error("its folder is still there")
	}
}
