package store

import "sync/atomic"

// rows is the content of a table in a snapshot.
type rows[T any] struct {
	tree    tree
	indexes []lines
	derived atomic.Pointer[any] // see Derived; not copied
	batch   uint64              // the batch whose transactions may change these rows
	walks   int                 // walks of the batch's own transactions, which must not see changes
}

// anyRows is rows of any type.
type anyRows interface {
	// walked adds to the number of walks.
	walked(by int)
}

func (rs *rows[T]) walked(by int) { rs.walks += by }

func (t *Table[T]) newRows() anyRows { return t.emptyRows() }

func (t *Table[T]) emptyRows() *rows[T] {
	rs := &rows[T]{tree: newTree()}
	for range t.indexes {
		rs.indexes = append(rs.indexes, newLines())
	}
	return rs
}

// copy returns a copy that a batch can change while rs is being read. They share all nodes.
func (rs *rows[T]) copy(batch uint64) *rows[T] {
	c := &rows[T]{tree: rs.tree.copy(), batch: batch}
	if len(rs.indexes) > 0 {
		c.indexes = make([]lines, len(rs.indexes))
		for i, ix := range rs.indexes {
			c.indexes[i] = ix.copy()
		}
	}
	return c
}

func (rs *rows[T]) get(key Key) (*Row[T], bool) {
	row, ok := rs.tree.get(key)
	return rowOf[T](row), ok
}

// rowOf is a row from the tree, or nil.
func rowOf[T any](row any) *Row[T] {
	r, _ := row.(*Row[T])
	return r
}

// set stores a row and updates the indexes. The texts for the indexes come first, because the
// functions that make them may panic, and nothing has been changed yet.
func (t *Table[T]) set(rs *rows[T], row *Row[T]) (old *Row[T]) {
	var room [16][]string
	texts := room[:0]
	for _, ix := range t.indexes {
		texts = append(texts, ix.of(row.Val))
	}
	old = rowOf[T](rs.tree.set(row.Key, row))
	for i, ix := range t.indexes {
		ix.replace(rs.indexes[i], row.Key, ix.texts(old), texts[i])
	}
	return old
}

// unset removes the row with a key.
func (t *Table[T]) unset(rs *rows[T], key Key) (old *Row[T]) {
	old = rowOf[T](rs.tree.delete(key))
	for i, ix := range t.indexes {
		ix.replace(rs.indexes[i], key, ix.texts(old), nil)
	}
	return old
}
