package store

import (
	"maps"
	"time"
)

// Tx is a transaction under way. It sees its own changes.
type Tx struct {
	Now     time.Time // the one time of this transaction
	snap    map[string]anyRows
	own     map[string]bool // tables whose rows are ours to change already
	changes []Change
	touched bool // something is to be published that no change tells of
}

// Change is one row that a transaction changed. Old is nil for a new row, New
// for a deleted one; otherwise both are pointers to the table's type.
type Change struct {
	Table    string
	Key      Key
	Old, New any
}

func (tx *Tx) rowsOf(table string) anyRows {
	rs, ok := tx.snap[table]
	if !ok {
		panic("store: table " + table + " was not given to Open")
	}
	return rs
}

// mutable answers the table's rows as a copy of our own.
func (t *Table[T]) mutable(tx *Tx) *rows[T] {
	if tx.own[t.name] {
		return t.in(tx)
	}
	rs := t.in(tx).copy()
	tx.snap[t.name], tx.own[t.name] = rs, true
	return rs.(*rows[T])
}

// Edit answers a copy of a row, ours to change and Put back.
func (t *Table[T]) Edit(tx *Tx, key Key) (*T, bool) {
	v, ok := t.Get(tx, key)
	if !ok {
		return nil, false
	}
	return t.clone(v), true
}

// Put makes v the row of key. v must not be changed afterwards.
func (t *Table[T]) Put(tx *Tx, key Key, v *T) {
	old := t.set(t.mutable(tx), &Row[T]{Key: key, Val: v})
	tx.note(t.name, key, valueOf(old), v)
}

// Delete takes the row of key out; one that is not there is no error.
func (t *Table[T]) Delete(tx *Tx, key Key) {
	if old := t.unset(t.mutable(tx), key); old != nil {
		tx.note(t.name, key, old.Val, nil)
	}
}

// Touch makes the row of key a new version with the same value, in memory
// only: what readers derived from it, and from rows that it does not hold
// itself, is derived anew.
func (t *Table[T]) Touch(tx *Tx, key Key) {
	v, ok := t.Get(tx, key)
	if !ok {
		return
	}
	t.set(t.mutable(tx), &Row[T]{Key: key, Val: v})
	tx.touched = true
}

func (tx *Tx) note(table string, key Key, old, v any) {
	tx.changes = append(tx.changes, Change{Table: table, Key: key, Old: old, New: v})
}

// valueOf keeps a missing row from becoming a non-nil interface.
func valueOf[T any](r *Row[T]) any {
	if r == nil {
		return nil
	}
	return r.Val
}

// begin starts a transaction on top of what earlier ones of the batch left.
func begin(tables map[string]anyRows, now time.Time) *Tx {
	return &Tx{Now: now, snap: maps.Clone(tables), own: map[string]bool{}}
}
