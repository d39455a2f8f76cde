package store

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/tidwall/btree"
)

// The trees for tables and indexes contain rows of any type. With a type parameter, the whole
// tree would be compiled again in every package that uses a table. For the same reason these
// methods are never inlined.

// unlocked trees are safe here: a tree is only changed by the writer, and before others can see
// it.
var unlocked = btree.Options{NoLocks: true}

// cell is a row and its key, so that a search reads contiguous memory and does not allocate.
// row is a *Row of the table's type.
type cell struct {
	key Key
	row any
}

func lessCell(a, b cell) bool { return a.key.Less(b.key) }

// tree has the rows of a table, in order of their keys.
type tree struct{ cells *btree.BTreeG[cell] }

//go:noinline
func newTree() tree { return tree{btree.NewBTreeGOptions(lessCell, unlocked)} }

// copy shares all nodes.
//
//go:noinline
func (t tree) copy() tree { return tree{t.cells.Copy()} }

//go:noinline
func (t tree) len() int { return t.cells.Len() }

//go:noinline
func (t tree) get(key Key) (row any, ok bool) {
	c, ok := t.cells.Get(cell{key: key})
	return c.row, ok
}

//go:noinline
func (t tree) set(key Key, row any) (old any) {
	c, _ := t.cells.Set(cell{key, row})
	return c.row
}

//go:noinline
func (t tree) delete(key Key) (old any) {
	c, _ := t.cells.Delete(cell{key: key})
	return c.row
}

// load is a faster set for a key after all others.
//
//go:noinline
func (t tree) load(c cell) { t.cells.Load(c) }

//go:noinline
func (t tree) scan(yield func(row any) bool) {
	t.cells.Scan(func(c cell) bool { return yield(c.row) })
}

//go:noinline
func (t tree) ascend(from Key, yield func(row any) bool) {
	t.cells.Ascend(cell{key: from}, func(c cell) bool { return yield(c.row) })
}

//go:noinline
func (t tree) descend(from Key, yield func(row any) bool) {
	t.cells.Descend(cell{key: from}, func(c cell) bool { return yield(c.row) })
}

//go:noinline
func (t tree) reverse(yield func(row any) bool) {
	t.cells.Reverse(func(c cell) bool { return yield(c.row) })
}

// newest returns the n-th last key.
//
//go:noinline
func (t tree) newest(n int) (Key, bool) {
	c, ok := t.cells.GetAt(t.cells.Len() - 1 - n)
	return c.key, ok
}

//go:noinline
func sortCells(cells []cell) {
	byKey := func(a, b cell) int { return a.key.Compare(b.key) }
	if !slices.IsSortedFunc(cells, byKey) {
		slices.SortFunc(cells, byKey)
	}
}

// entry is an entry of an index.
type entry struct {
	text string
	key  Key
}

func lessEntry(a, b entry) bool {
	return a.text < b.text || a.text == b.text && a.key.Less(b.key)
}

// lines has the entries of an index.
type lines struct{ entries *btree.BTreeG[entry] }

//go:noinline
func newLines() lines { return lines{btree.NewBTreeGOptions(lessEntry, unlocked)} }

//go:noinline
func (l lines) copy() lines { return lines{l.entries.Copy()} }

//go:noinline
func (l lines) set(e entry) { l.entries.Set(e) }

//go:noinline
func (l lines) delete(e entry) { l.entries.Delete(e) }

//go:noinline
func (l lines) load(e entry) { l.entries.Load(e) }

//go:noinline
func sortEntries(list []entry) {
	slices.SortFunc(list, func(a, b entry) int {
		return cmp.Or(strings.Compare(a.text, b.text), a.key.Compare(b.key))
	})
}

// of walks the keys with a text, in order.
//
//go:noinline
func (l lines) of(text string, yield func(Key) bool) {
	l.entries.Ascend(entry{text, lowest}, func(e entry) bool { return e.text == text && yield(e.key) })
}

// newest returns the n-th last key with a text.
//
//go:noinline
func (l lines) newest(text string, n int) (Key, bool) {
	end := sort.Search(l.entries.Len(), func(i int) bool {
		e, _ := l.entries.GetAt(i)
		return e.text > text
	})
	e, ok := l.entries.GetAt(end - 1 - n)
	return e.key, ok && e.text == text
}
