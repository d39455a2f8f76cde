package dump_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/dump"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// thing has what rows have: text of all kinds, templates, maps, pointers.
type thing struct {
	Text     string            `cbor:"1,keyasint"`
	N        int64             `cbor:"2,keyasint"`
	Template attr.Template     `cbor:"3,keyasint,omitempty"`
	One      *attr.Attr        `cbor:"4,keyasint"`
	Map      map[string]string `cbor:"5,keyasint,omitempty"`
	List     []int             `cbor:"6,keyasint"`
}

// Clone implements store.Cloner.
func (v *thing) Clone() *thing { c := *v; return &c }

var (
	things = store.NewTable[thing]("thing")
	seen   = store.NewVolatile[thing]("seen")
	tables = []store.AnyTable{things, seen}
)

func open(t testing.TB, writes ...store.Write) *store.Store {
	t.Helper()
	log := memlog.New()
	if err := log.Append(writes); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(store.Options{Log: log, Tables: tables})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// tree is all files below a folder.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, _ := e.Info()
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v", path, info.Mode())
		}
		text, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestRoundTrip writes random rows, reads them, and writes what was read: the
// two folders are the same, and so are the next numbers.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		s := open(t)
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			for range rapid.IntRange(0, 5).Draw(rt, "rows") {
				things.Put(tx, store.Pair(tx.Next("thing", 0), rapid.IntRange(-1, 2).Draw(rt, "b")), draw(rt))
			}
			seen.Put(tx, store.ID(1), &thing{})
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
		first, second := filepath.Join(base, fmt.Sprint(n)), filepath.Join(base, fmt.Sprint(n, "again"))
		m, err := dump.Write(first, s.Read(), tables)
		if err != nil {
			rt.Fatal(err)
		}
		writes, read, err := dump.Read(first, tables)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(m, read); diff != "" {
			rt.Errorf("manifest:\n%s", diff)
		}
		if _, err := dump.Write(second, open(t, writes...).Read(), tables); err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(tree(t, first), tree(t, second)); diff != "" {
			rt.Errorf("what was read is something else:\n%s", diff)
		}
	})
}

func draw(rt *rapid.T) *thing {
	text := rapid.OneOf(rapid.String(), rapid.Just("\xff\x00<&>"), rapid.Just(""))
	v := &thing{Text: text.Draw(rt, "text"), N: rapid.Int64().Draw(rt, "n"), List: rapid.SliceOfN(rapid.Int(), 0, 3).Draw(rt, "list")}
	for range rapid.IntRange(0, 4).Draw(rt, "attributes") {
		name := rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "name")
		a := attr.NewSingle(name, text.Draw(rt, "value"))
		if rapid.Bool().Draw(rt, "vector") {
			a = attr.NewVector(name, attr.Pair{Key: "K", Value: text.Draw(rt, "value")}, attr.Pair{Key: "L"})
		}
		v.Template.Add(a)
		v.One = &a
	}
	if rapid.Bool().Draw(rt, "map") {
		v.Map = map[string]string{"x": text.Draw(rt, "x"), "a": "b"}
	}
	return v
}

func TestReadableFiles(t *testing.T) {
	t.Parallel()
	s := open(t)
	var template attr.Template
	template.Set("CPU", "1 < 2")
	template.SetVector("DISK", attr.Pair{Key: "IMAGE_ID", Value: "3"})
	if err := s.Update(t.Context(), func(tx *store.Tx) error {
		things.Put(tx, store.ID(7), &thing{Text: "ü", Template: template})
		things.Put(tx, store.Pair(7, 2), &thing{Text: "\xff"})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "x")
	if _, err := dump.Write(dir, s.Read(), tables); err != nil {
		t.Fatal(err)
	}
	files := tree(t, dir)
	text := strings.Join(strings.Fields(files["/thing/7.json"]), "")
	want := `{"Text":"ü","N":0,"Template":[{"CPU":"1<2"},{"DISK":{"IMAGE_ID":"3"}}],"One":null,"Map":null,"List":null}`
	if text != want {
		t.Errorf("%s\nwant %s", text, want)
	}
	if !strings.Contains(files["/thing/7_2.json"], `"cbor"`) || len(files) != 3 {
		t.Errorf("files: %v", files)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(dir string) error{
		"no manifest":      func(dir string) error { return os.Remove(filepath.Join(dir, "renkei.json")) },
		"another format":   func(dir string) error { return write(dir, "renkei.json", `{"format": 9}`) },
		"a missing row":    func(dir string) error { return os.Remove(filepath.Join(dir, "thing/1.json")) },
		"an unknown table": func(dir string) error { return os.Mkdir(filepath.Join(dir, "other"), 0o700) },
		"an unknown field": func(dir string) error { return write(dir, "thing/1.json", `{"Text": "", "Texts": ""}`) },
		"no JSON":          func(dir string) error { return write(dir, "thing/1.json", `{`) },
		"a strange name": func(dir string) error {
			return os.Rename(filepath.Join(dir, "thing/1.json"), filepath.Join(dir, "thing/01.json"))
		},
		"damaged CBOR":      func(dir string) error { return write(dir, "thing/1.json", `{"cbor": "/w=="}`) },
		"an odd attribute":  func(dir string) error { return write(dir, "thing/1.json", `{"Template": [{"A": 1}]}`) },
		"a list of strings": func(dir string) error { return write(dir, "thing/1.json", `{"Template": ["A"]}`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			if err := s.Update(t.Context(), func(tx *store.Tx) error { things.Put(tx, store.ID(1), &thing{}); return nil }); err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "x")
			if _, err := dump.Write(dir, s.Read(), tables); err != nil {
				t.Fatal(err)
			}
			if err := spoil(dir); err != nil {
				t.Fatal(err)
			}
			if _, _, err := dump.Read(dir, tables); err == nil {
				t.Error("it was read")
			}
		})
	}
}

func write(dir, name, text string) error {
	return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)
}

func TestWriteIntoWhatIsThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := write(dir, "mine", "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := dump.Write(dir, open(t).Read(), tables); err == nil {
		t.Error("a folder that is there was taken")
	}
	if got := tree(t, dir); len(got) != 1 {
		t.Errorf("the folder holds %v", got)
	}
}
