package store

import (
	"sync/atomic"

	"github.com/tidwall/btree"
)

// rows is the content of one table in one snapshot.
type rows[T any] struct {
	tree    *btree.BTreeG[cell[T]]
	indexes []*btree.BTreeG[entry]
	derived atomic.Pointer[any] // see Derived; copies begin without
}

// anyRows is rows of any type.
type anyRows interface{ copy() anyRows }

// cell is a row with its key beside it, so that a search reads one piece of
// memory and allocates nothing.
type cell[T any] struct {
	key Key
	row *Row[T]
}

func lessCell[T any](a, b cell[T]) bool { return a.key.Less(b.key) }

// unlocked trees are safe here: only the writer changes one, before others see it.
var unlocked = btree.Options{NoLocks: true}

func (t *Table[T]) newRows() anyRows { return t.emptyRows() }

func (t *Table[T]) emptyRows() *rows[T] {
	rs := &rows[T]{tree: btree.NewBTreeGOptions(lessCell[T], unlocked)}
	for range t.indexes {
		rs.indexes = append(rs.indexes, btree.NewBTreeGOptions(lessEntry, unlocked))
	}
	return rs
}

// copy answers rows that can be changed while rs is read. It shares all nodes.
func (rs *rows[T]) copy() anyRows {
	c := &rows[T]{tree: rs.tree.Copy()}
	if len(rs.indexes) > 0 {
		c.indexes = make([]*btree.BTreeG[entry], len(rs.indexes))
		for i, ix := range rs.indexes {
			c.indexes[i] = ix.Copy()
		}
	}
	return c
}

func (rs *rows[T]) get(key Key) (*Row[T], bool) {
	c, ok := rs.tree.Get(cell[T]{key: key})
	return c.row, ok
}

// set puts row in and keeps the indexes true.
func (t *Table[T]) set(rs *rows[T], row *Row[T]) (old *Row[T]) {
	was, _ := rs.tree.Set(cell[T]{row.Key, row})
	for i, ix := range t.indexes {
		ix.replace(rs.indexes[i], was.row, row)
	}
	return was.row
}

// unset takes the row of key out.
func (t *Table[T]) unset(rs *rows[T], key Key) (old *Row[T]) {
	was, _ := rs.tree.Delete(cell[T]{key: key})
	for i, ix := range t.indexes {
		ix.replace(rs.indexes[i], was.row, nil)
	}
	return was.row
}
