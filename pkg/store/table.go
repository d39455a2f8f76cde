package store

import (
	"fmt"
	"iter"
	"sync/atomic"

	"github.com/fxamacker/cbor/v2"
	"github.com/tidwall/btree"
)

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

// rows is the content of one table in one snapshot.
type rows[T any] struct {
	tree    *btree.BTreeG[*Row[T]]
	indexes []*btree.BTreeG[entry]
	derived atomic.Pointer[any] // see Derived; copies begin without
}

func lessRow[T any](a, b *Row[T]) bool { return a.Key.Less(b.Key) }

// AnyTable is a Table of any type, for lists of tables.
type AnyTable interface {
	Name() string
	durable() bool
	newRows() anyRows
	decode(rs anyRows, key Key, value []byte) error
}

// anyRows is rows of any type.
type anyRows interface{ copy() anyRows }

func (t *Table[T]) durable() bool { return !t.volatile }

func (t *Table[T]) newRows() anyRows {
	rs := &rows[T]{tree: btree.NewBTreeGOptions(lessRow[T], btree.Options{NoLocks: true})}
	for range t.indexes {
		rs.indexes = append(rs.indexes, btree.NewBTreeGOptions(lessEntry, btree.Options{NoLocks: true}))
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

func (t *Table[T]) decode(rs anyRows, key Key, value []byte) error {
	v := new(T)
	if err := cbor.Unmarshal(value, v); err != nil {
		return fmt.Errorf("table %s, key %v: %w", t.name, key, err)
	}
	t.set(rs.(*rows[T]), &Row[T]{Key: key, Val: v})
	return nil
}

// set puts row in and keeps the indexes true.
func (t *Table[T]) set(rs *rows[T], row *Row[T]) (old *Row[T]) {
	old, _ = rs.tree.Set(row)
	for i, ix := range t.indexes {
		ix.replace(rs.indexes[i], old, row)
	}
	return old
}

// unset takes the row of key out.
func (t *Table[T]) unset(rs *rows[T], key Key) (old *Row[T]) {
	old, _ = rs.tree.Delete(&Row[T]{Key: key})
	for i, ix := range t.indexes {
		ix.replace(rs.indexes[i], old, nil)
	}
	return old
}

// Reader is a Snap, or a Tx that sees its own changes.
type Reader interface{ rowsOf(table string) anyRows }

func (t *Table[T]) in(r Reader) *rows[T] { return r.rowsOf(t.name).(*rows[T]) }

// Row answers the version of a row that r sees.
func (t *Table[T]) Row(r Reader, key Key) (*Row[T], bool) {
	return t.in(r).tree.Get(&Row[T]{Key: key})
}

// Get answers a row's value, which must not be changed.
func (t *Table[T]) Get(r Reader, key Key) (*T, bool) {
	row, ok := t.Row(r, key)
	if !ok {
		return nil, false
	}
	return row.Val, true
}

// Len counts the rows.
func (t *Table[T]) Len(r Reader) int { return t.in(r).tree.Len() }

// All walks the rows in order of their keys. The table must not be changed
// meanwhile through the same Tx.
func (t *Table[T]) All(r Reader) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) { t.in(r).tree.Scan(yield) }
}

// From walks the rows from key on, in order.
func (t *Table[T]) From(r Reader, key Key) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) { t.in(r).tree.Ascend(&Row[T]{Key: key}, yield) }
}

// Of walks the rows whose key begins with a: what belongs to one object.
func (t *Table[T]) Of(r Reader, a int) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) {
		for row := range t.From(r, Pair(a, 0)) {
			if row.Key.A != int64(a) || !yield(row) {
				return
			}
		}
	}
}

// Backward walks the rows from the newest ID down.
func (t *Table[T]) Backward(r Reader) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) { t.in(r).tree.Reverse(yield) }
}

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
