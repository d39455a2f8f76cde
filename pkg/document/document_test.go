package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

var alice = &one.Caller{UID: 2, GID: 100, UName: "alice", GName: "devs", Groups: []int{100}, Umask: 0o177}

func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{document.Kind.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func allocate(t *testing.T, s *store.Store, text string, kind int) (int, error) {
	t.Helper()
	tmpl, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	id := -1
	err = s.Update(t.Context(), func(tx *store.Tx) (err error) { id, err = document.Allocate(tx, alice, tmpl, kind); return err })
	return id, err
}

func TestNames(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, c := range []struct{ text, name, err string }{
		{`NAME="a"`, "a", ""},
		{`NAME="a"`, "a", ""}, // two of one owner
		{`X="1"`, "document-2", ""},
		{`NAME="odd: name/#1"`, "odd: name/#1", ""},
		{`NAME="` + strings.Repeat("x", 129) + `"`, "", "NAME is too long; max length is 128 chars."},
		{`NAME="a<b"`, "", "Error transforming the Document to XML."},
	} {
		id, err := allocate(t, s, c.text, 200)
		if err != nil || c.err != "" {
			if err == nil || err.Error() != c.err {
				t.Errorf("%.40s: got %v, want %q", c.text, err, c.err)
			}
			continue
		}
		if d, _ := document.Kind.Get(s.Read(), id); d.Name != c.name || d.Template.Has("NAME") {
			t.Errorf("%s: it is named %q", c.text, d.Name)
		}
	}
}

// TestCloneKeepsTypeAndBody: what applications keep comes back as it was.
func TestCloneKeepsTypeAndBody(t *testing.T) {
	t.Parallel()
	s := open(t)
	const body = `{"a": "\"<&>]]\"", "b": [1]}`
	id, err := allocate(t, s, `NAME=a`, 100)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		d, _ := document.Kind.Edit(tx, id)
		d.Template.Set("BODY", body)
		document.Kind.Put(tx, d)
		_, err := document.Clone(tx, alice, id, "b")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for row := range document.ByType.Find(s.Read(), "100") {
		names = append(names, row.Val.Name)
		if got := row.Val.Template.Get("BODY"); got != body {
			t.Errorf("the body of %s is %s", row.Val.Name, got)
		}
	}
	if diff := cmp.Diff([]string{"a", "b"}, names); diff != "" {
		t.Errorf("documents of the type:\n%s", diff)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error { return document.Delete(tx, 77) })
	if err == nil || err.Error() != "Error getting document [77]." {
		t.Errorf("deleting none: %v", err)
	}
}
