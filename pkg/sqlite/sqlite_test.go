package sqlite

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const small = "testdata/small.db"

func TestRows(t *testing.T) {
	t.Parallel()
	db, err := Open(small)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"long", "many", "one"}, db.Tables()); diff != "" {
		t.Error(diff)
	}
	if !db.Has("one", "oid", "big") || db.Has("one", "unique") || db.Has("many", "oid") {
		t.Error("wrong columns")
	}
	got, err := db.Rows("one")
	want := []Row{
		{"oid": int64(-2), "name": "zwölf", "big": nil, "n": int64(9007199254740993), "f": int64(3), "b": nil},
		{"oid": int64(7), "name": "seven", "big": "short", "n": int64(-1), "f": 1.5, "b": []byte{0, 255}},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// TestManyPages reads trees of several levels and records with overflow pages.
func TestManyPages(t *testing.T) {
	t.Parallel()
	db, err := Open(small)
	if err != nil {
		t.Fatal(err)
	}
	many, err := db.Rows("many")
	if err != nil || len(many) != 3000 {
		t.Fatalf("%d rows, %v; want 3000", len(many), err)
	}
	for i, row := range many {
		if n := int64(i + 1); row.Int("a") != n || row.Int("b") != n*n {
			t.Fatalf("row %d is %v", i, row)
		}
	}
	long, err := db.Rows("long")
	if err != nil || long[0].Text("text") != strings.Repeat("x", 10000) {
		t.Errorf("a long text came with %d bytes, %v", len(long[0].Text("text")), err)
	}
}

// TestWhatIsNotTaken: errors tell what is wrong.
func TestWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(small)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("busy.db-journal", []byte("x"))
	for path, want := range map[string]string{
		write("text.db", []byte("hello")): "no SQLite database", write("busy.db", data): "is not empty",
		write("cut.db", data[:600]): "damaged", filepath.Join(dir, "none.db"): "no such file",
	} {
		db, err := Open(path)
		if err == nil {
			_, err = db.Rows("many")
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", path, err, want)
		}
	}
}

// TestDamageIsAnError: reading ends without a panic, whichever byte is damaged.
func TestDamageIsAnError(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(small)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		bad := append([]byte(nil), data...)
		for range 20 {
			bad[headerSize+random.IntN(len(bad)-headerSize)] = byte(random.IntN(256))
		}
		db, err := parse(bad)
		if err != nil {
			continue
		}
		for _, name := range db.Tables() {
			_, _ = db.Rows(name)
		}
	}
}
