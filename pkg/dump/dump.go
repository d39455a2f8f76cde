// Package dump writes a whole store as readable files, one for each row, and
// reads them back. What is written is what is read: each row is tried before it
// is written, and one that JSON cannot hold (text that is not UTF-8) is kept as
// the bytes that the store has for it.
package dump

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Manifest is what the folder says of itself: the file renkei.json.
type Manifest struct {
	Format int            `json:"format"`
	Rows   map[string]int `json:"rows"` // how many of each table
}

// Total is how many rows there are.
func (m Manifest) Total() (n int) {
	for _, rows := range m.Rows {
		n += rows
	}
	return n
}

// Format is the version of the files' form.
const Format = 1

const manifest = "renkei.json"

// KeyFile is where an export has the key of what is encrypted in its rows. It is for
// whoever made the export to write, and to read.
const KeyFile = "one_key"

// raw is a row that JSON cannot hold.
type raw struct {
	CBOR []byte `json:"cbor"`
}

// Write writes all durable rows into a new folder, which nobody else may read:
// secrets are among them. What was written when an error comes is taken away.
func Write(dir string, r store.Reader, tables []store.AnyTable) (m Manifest, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return m, fmt.Errorf("making the folder of the export: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	m = Manifest{Format: Format, Rows: map[string]int{}}
	for _, t := range all(tables) {
		n, err := writeTable(filepath.Join(dir, t.Name()), r, t)
		if err != nil {
			return m, err
		}
		m.Rows[t.Name()] = n
	}
	return m, writeJSON(filepath.Join(dir, manifest), m)
}

// all are the tables that are written: the durable ones, and the store's own.
func all(tables []store.AnyTable) []store.AnyTable {
	list := append(slices.Clone(tables), store.Counters())
	list = slices.DeleteFunc(list, func(t store.AnyTable) bool { return !store.Durable(t) })
	slices.SortFunc(list, func(a, b store.AnyTable) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

func writeTable(dir string, r store.Reader, t store.AnyTable) (n int, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return 0, err
	}
	for row := range store.Rows(r, t) {
		v, err := readable(t, row.Val)
		if err != nil {
			return n, fmt.Errorf("table %s, key %v: %w", t.Name(), row.Key, err)
		}
		if err := writeJSON(filepath.Join(dir, fileOf(row.Key)), v); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// readable answers the row itself, when reading its JSON gives it back, or its
// bytes.
func readable(t store.AnyTable, v any) (any, error) {
	stored, err := store.EncodeRow(v)
	if err != nil {
		return nil, err
	}
	want, again, got := store.Blank(t), store.Blank(t), store.Blank(t)
	if err := store.DecodeRow(stored, want); err != nil {
		return nil, err
	}
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, again)
	}
	if err != nil {
		return raw{stored}, nil
	}
	if stored, err = store.EncodeRow(again); err == nil {
		err = store.DecodeRow(stored, got)
	}
	if err == nil && reflect.DeepEqual(want, got) {
		return want, nil // as it is after a restart: an export of either is the same
	}
	stored, err = store.EncodeRow(v)
	return raw{stored}, err
}

// fileOf names the file of a row: 7.json, or 7_2.json for what belongs to
// object 7.
func fileOf(k store.Key) string {
	if k.B == 0 {
		return fmt.Sprintf("%d.json", k.A)
	}
	return fmt.Sprintf("%d_%d.json", k.A, k.B)
}

func writeJSON(path string, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o600)
}

// Read reads what Write wrote. Every file has to be one that Write could have
// written, and none may be missing.
func Read(dir string, tables []store.AnyTable) (writes []store.Write, m Manifest, err error) {
	text, err := os.ReadFile(filepath.Join(dir, manifest))
	if err != nil {
		return nil, m, fmt.Errorf("%s is no export of renkei: %w", dir, err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, m, fmt.Errorf("%s: %w", manifest, err)
	}
	if m.Format != Format {
		return nil, m, fmt.Errorf("%s: format %d is unknown to this renkei, which reads %d", manifest, m.Format, Format)
	}
	if err := strangers(dir, tables); err != nil {
		return nil, m, err
	}
	for _, t := range all(tables) {
		rows, err := readTable(filepath.Join(dir, t.Name()), t)
		if err != nil {
			return nil, m, err
		}
		if len(rows) != m.Rows[t.Name()] {
			return nil, m, fmt.Errorf("table %s: there are %d files, and %s says %d", t.Name(), len(rows), manifest, m.Rows[t.Name()])
		}
		writes = append(writes, rows...)
	}
	return writes, m, nil
}

// strangers refuses what no table of ours is called: it would be lost.
func strangers(dir string, tables []store.AnyTable) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		known := slices.ContainsFunc(all(tables), func(t store.AnyTable) bool { return t.Name() == e.Name() })
		if e.Name() != manifest && e.Name() != KeyFile && !known {
			return fmt.Errorf("%s: this renkei has no such table: use the version that wrote it, or a newer one", e.Name())
		}
	}
	return nil
}

func readTable(dir string, t store.AnyTable) (writes []store.Write, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a table that is newer than the export
	}
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		w, err := readRow(filepath.Join(dir, e.Name()), t)
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", t.Name(), e.Name(), err)
		}
		writes = append(writes, w)
	}
	return writes, nil
}

func readRow(path string, t store.AnyTable) (w store.Write, err error) {
	var k store.Key
	name := filepath.Base(path)
	if n, _ := fmt.Sscanf(name, "%d_%d.json", &k.A, &k.B); n < 1 || fileOf(k) != name {
		return w, errors.New("this is not the name of a row's file, such as 7.json or 7_2.json")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return w, err
	}
	v := store.Blank(t)
	var kept raw
	if strict(text, &kept) == nil && kept.CBOR != nil {
		err = store.DecodeRow(kept.CBOR, v)
	} else {
		err = strict(text, v)
	}
	if err != nil {
		return w, err
	}
	return store.WriteOf(t, store.Dumped{Key: k, Val: v})
}

// strict reads one JSON value that has no field we do not know.
func strict(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
