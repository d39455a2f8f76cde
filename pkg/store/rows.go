package store

import "sync/atomic"

// rows is the content of one table in one snapshot.
type rows[T any] struct {
	tree    tree
	indexes []lines
	derived atomic.Pointer[any] // see Derived; copies begin without
}

// anyRows is rows of any type.
type anyRows interface{ copy() anyRows }

func (t *Table[T]) newRows() anyRows { return t.emptyRows() }

func (t *Table[T]) emptyRows() *rows[T] {
	rs := &rows[T]{tree: newTree()}
	for range t.indexes {
		rs.indexes = append(rs.indexes, newLines())
	}
	return rs
}

// copy answers rows that can be changed while rs is read. It shares all nodes.
func (rs *rows[T]) copy() anyRows {
	c := &rows[T]{tree: rs.tree.copy()}
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

// rowOf is a row as the tree has it; nil is none.
func rowOf[T any](row any) *Row[T] {
	r, _ := row.(*Row[T])
	return r
}

// set puts row in and keeps the indexes true.
func (t *Table[T]) set(rs *rows[T], row *Row[T]) (old *Row[T]) {
	old = rowOf[T](rs.tree.set(row.Key, row))
	for i, ix := range t.indexes {
		ix.replace(rs.indexes[i], old, row)
	}
	return old
}

// unset takes the row of key out.
func (t *Table[T]) unset(rs *rows[T], key Key) (old *Row[T]) {
	old = rowOf[T](rs.tree.delete(key))
	for i, ix := range t.indexes {
		ix.replace(rs.indexes[i], old, nil)
	}
	return old
}
