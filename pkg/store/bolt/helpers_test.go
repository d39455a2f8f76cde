package bolt

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// item is the row type of these tests.
type item struct {
	Name string   `cbor:"1,keyasint"`
	Tags []string `cbor:"2,keyasint,omitempty"`
}

// Clone implements store.Cloner.
func (i *item) Clone() *item { return &item{i.Name, slices.Clone(i.Tags)} }

var (
	byTag  = store.NewIndex(func(i *item) []string { return i.Tags })
	items  = store.NewTable("item", byTag)
	others = store.NewTable[item]("other")
)

// TestMain makes this binary also the child process of the tests.
func TestMain(m *testing.M) {
	if path := os.Getenv(childFile); path != "" {
		os.Exit(child(path))
	}
	if path := os.Getenv(fullFile); path != "" {
		if err := fillUp(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func openStore(path string) (*store.Store, error) {
	log, err := Open(path)
	if err != nil {
		return nil, err
	}
	return store.Open(store.Options{Log: log, Tables: []store.AnyTable{items, others}})
}

// newStore opens a store in a temporary directory.
func newStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := openStore(filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// rowsOf lists the rows that a log loads.
func rowsOf(t *testing.T, l *Log) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := l.Load(func(table string, rows iter.Seq2[[]byte, []byte]) error {
		for key, value := range rows {
			got[fmt.Sprintf("%s %s", table, key)] = string(value)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}
