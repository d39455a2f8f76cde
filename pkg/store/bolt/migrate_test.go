package bolt

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// shout is a migration that changes the row of oldFile.
func shout(tx *bolt.Tx) error {
	return tx.Bucket([]byte("item")).Put([]byte("key"), appendSealed(nil, []byte("key"), []byte("NEW")))
}

// oldFile makes a file of the current schema with one row.
func oldFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db")
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	err = l.Append([]store.Write{{Table: "item", Key: []byte("key"), Value: []byte("old")}})
	if err := errors.Join(err, l.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// holds opens a file and compares its rows.
func holds(t *testing.T, path string, migrations []Migration, want string) {
	t.Helper()
	l, err := open(path, migrations)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if diff := cmp.Diff(map[string]string{"item key": want}, rowsOf(t, l)); diff != "" {
		t.Errorf("%s holds something else:\n%s", filepath.Base(path), diff)
	}
}

func TestMigrationKeepsACopy(t *testing.T) {
	t.Parallel()
	path := oldFile(t)
	holds(t, path, []Migration{shout}, "NEW")
	holds(t, path, []Migration{func(*bolt.Tx) error { return errors.New("ran twice") }}, "NEW")
	holds(t, path+".schema1", nil, "old")
}

func TestFailedMigrationLeavesTheFile(t *testing.T) {
	t.Parallel()
	path := oldFile(t)
	failure := errors.New("cannot be read")
	_, err := open(path, []Migration{shout, func(*bolt.Tx) error { return failure }})
	if !errors.Is(err, failure) {
		t.Fatalf("the answer is %v, want %v", err, failure)
	}
	holds(t, path, nil, "old")
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	path := oldFile(t)
	holds(t, path, []Migration{shout}, "NEW")
	_, err := Open(path)
	if err == nil || !strings.Contains(err.Error(), "use a newer renkei") {
		t.Errorf("the answer is %v", err)
	}
}

func TestForeignFileIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || errors.Is(err, ErrInUse) {
		t.Errorf("the answer is %v", err)
	}
}

func TestFileIsPrivate(t *testing.T) {
	t.Parallel()
	path := oldFile(t)
	holds(t, path, []Migration{shout}, "NEW")
	for _, file := range []string{path, path + ".schema1"} {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v: it holds secrets", filepath.Base(file), info.Mode())
		}
	}
}
