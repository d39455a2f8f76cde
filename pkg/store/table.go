package store

import "iter"

// Cloner is a type of row with a Clone method whose result can be changed while readers use the
// original.
type Cloner[T any] interface {
	*T
	Clone() *T
}

// Table declares a table: its name, its type and its indexes. The rows are in Snap and Tx.
// Tables are global variables.
type Table[T any] struct {
	name     string
	volatile bool
	clone    func(*T) *T
	indexes  []*Index[T]
}

// NewTable declares a table whose rows are durable.
func NewTable[T any, P Cloner[T]](name string, indexes ...*Index[T]) *Table[T] {
	t := &Table[T]{
		name:    name,
		clone:   func(v *T) *T { return P(v).Clone() },
		indexes: indexes,
	}
	for i, ix := range indexes {
		ix.table, ix.slot = t, i
	}
	return t
}

// NewVolatile declares a table that is in memory only, for monitoring data.
func NewVolatile[T any, P Cloner[T]](name string, indexes ...*Index[T]) *Table[T] {
	t := NewTable[T, P](name, indexes...)
	t.volatile = true
	return t
}

// Name is the table's name in the log.
func (t *Table[T]) Name() string { return t.name }

// AnyTable is a Table of any type.
type AnyTable interface {
	Name() string
	durable() bool
	newRows() anyRows
	each(r Reader) iter.Seq[Dumped]
	blank() any
	load(stored iter.Seq2[[]byte, []byte]) (anyRows, error)
}

func (t *Table[T]) durable() bool { return !t.volatile }

// Reader is a Snap, or a Tx that sees its own changes.
type Reader interface {
	rowsOf(table string) anyRows
	// still is rowsOf for walks: until left is called, the result does not change, even if the
	// same transaction changes the table.
	still(table string) anyRows
	left(anyRows)
}

func (t *Table[T]) in(r Reader) *rows[T]    { return r.rowsOf(t.name).(*rows[T]) }
func (t *Table[T]) still(r Reader) *rows[T] { return r.still(t.name).(*rows[T]) }

// Row returns a row as r sees it.
func (t *Table[T]) Row(r Reader, key Key) (*Row[T], bool) { return t.in(r).get(key) }

// Get returns a row's value, which must not be changed.
func (t *Table[T]) Get(r Reader, key Key) (*T, bool) {
	row, ok := t.Row(r, key)
	if !ok {
		return nil, false
	}
	return row.Val, true
}

// Len counts the rows.
func (t *Table[T]) Len(r Reader) int { return t.in(r).tree.len() }

// All walks the rows in order of their keys. Changes during a walk have no effect on it, in
// this and all other walks.
func (t *Table[T]) All(r Reader) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) {
		rs := t.still(r)
		defer r.left(rs)
		rs.tree.scan(func(row any) bool { return yield(rowOf[T](row)) })
	}
}

// From walks the rows from a key on.
func (t *Table[T]) From(r Reader, key Key) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) {
		rs := t.still(r)
		defer r.left(rs)
		rs.tree.ascend(key, func(row any) bool { return yield(rowOf[T](row)) })
	}
}

// Of walks the rows whose key has the first part a: those that belong to one object.
func (t *Table[T]) Of(r Reader, a int) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) {
		for row := range t.From(r, Key{A: int64(a), B: lowest.B}) {
			if row.Key.A != int64(a) || !yield(row) {
				return
			}
		}
	}
}

// Backward walks the rows from the newest ID down.
func (t *Table[T]) Backward(r Reader) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) {
		rs := t.still(r)
		defer r.left(rs)
		rs.tree.reverse(func(row any) bool { return yield(rowOf[T](row)) })
	}
}

// BackwardFrom walks the rows from a key down.
func (t *Table[T]) BackwardFrom(r Reader, key Key) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) {
		rs := t.still(r)
		defer r.left(rs)
		rs.tree.descend(key, func(row any) bool { return yield(rowOf[T](row)) })
	}
}

// Newest returns the key of the n-th newest row, counted from 0, without a walk.
func (t *Table[T]) Newest(r Reader, n int) (Key, bool) {
	return t.in(r).tree.newest(n)
}

// Version returns a value that differs, by ==, whenever the table has changed. In a
// transaction, it has the cost of a walk that does not end.
func (t *Table[T]) Version(r Reader) any { return t.still(r) }

// Derived returns the result of build for the content of a table, such as compiled ACL rules.
// It is computed once per version of the table. A table can have one such value.
func Derived[T, V any](r Reader, t *Table[T], build func() V) V {
	rs := t.in(r)
	if p := rs.derived.Load(); p != nil {
		return (*p).(V)
	}
	var v any = build()
	rs.derived.Store(&v)
	return v.(V)
}
