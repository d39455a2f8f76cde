package store

import "iter"

// Cloner is a row type that can be copied deeply enough for its copy to be
// changed while readers hold the original.
type Cloner[T any] interface {
	*T
	Clone() *T
}

// Table is a kind of row: a name, a type and the indexes over it. It holds no
// rows itself; Snap and Tx do. Tables are declared once, beside their type.
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

// NewVolatile declares a table that lives in memory only: what monitoring saw.
func NewVolatile[T any, P Cloner[T]](name string, indexes ...*Index[T]) *Table[T] {
	t := NewTable[T, P](name, indexes...)
	t.volatile = true
	return t
}

// Name is what the table is called in the log.
func (t *Table[T]) Name() string { return t.name }

// AnyTable is a Table of any type, for lists of tables.
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
	// still is rowsOf for whoever walks: until left is called what it answers does
	// not change, even when the walk's own transaction changes the table.
	still(table string) anyRows
	left(anyRows)
}

func (t *Table[T]) in(r Reader) *rows[T]    { return r.rowsOf(t.name).(*rows[T]) }
func (t *Table[T]) still(r Reader) *rows[T] { return r.still(t.name).(*rows[T]) }

// Row answers the version of a row that r sees.
func (t *Table[T]) Row(r Reader, key Key) (*Row[T], bool) { return t.in(r).get(key) }

// Get answers a row's value, which must not be changed.
func (t *Table[T]) Get(r Reader, key Key) (*T, bool) {
	row, ok := t.Row(r, key)
	if !ok {
		return nil, false
	}
	return row.Val, true
}

// Len counts the rows.
func (t *Table[T]) Len(r Reader) int { return t.in(r).tree.len() }

// All walks the rows in order of their keys. This and all other walks show the
// table as it was when they began: what the loop changes they do not see.
func (t *Table[T]) All(r Reader) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) {
		rs := t.still(r)
		defer r.left(rs)
		rs.tree.scan(func(row any) bool { return yield(rowOf[T](row)) })
	}
}

// From walks the rows from key on, in order.
func (t *Table[T]) From(r Reader, key Key) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) {
		rs := t.still(r)
		defer r.left(rs)
		rs.tree.ascend(key, func(row any) bool { return yield(rowOf[T](row)) })
	}
}

// Of walks the rows whose key begins with a: what belongs to one object.
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

// BackwardFrom walks the rows from key down.
func (t *Table[T]) BackwardFrom(r Reader, key Key) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) {
		rs := t.still(r)
		defer r.left(rs)
		rs.tree.descend(key, func(row any) bool { return yield(rowOf[T](row)) })
	}
}

// Newest answers the key of the n-th newest row, from 0 on, without a walk.
func (t *Table[T]) Newest(r Reader, n int) (Key, bool) {
	return t.in(r).tree.newest(n)
}

// Version answers a value that is another, by ==, once anything in the table has
// changed. In a transaction that is as if a walk never ended.
func (t *Table[T]) Version(r Reader) any { return t.still(r) }

// Derived answers what build makes of a table's content, made once for each
// version of the content: compiled ACL rules, say. A table has one such value.
func Derived[T, V any](r Reader, t *Table[T], build func() V) V {
	rs := t.in(r)
	if p := rs.derived.Load(); p != nil {
		return (*p).(V)
	}
	var v any = build()
	rs.derived.Store(&v)
	return v.(V)
}
