package store

import "time"

// Tx is a transaction under way. It sees its own changes.
type Tx struct {
	Now     time.Time          // the one time of this transaction
	base    map[string]anyRows // what stood when it began
	drafts  map[string]draft   // what it changed of that
	changes []Change
	guard   Guard
}

// draft is a table as a transaction leaves it.
type draft struct {
	rows anyRows
	seen bool // somebody may walk these rows: the next change makes a copy
}

// Change is one row that a transaction changed. Old is nil for a new row, New
// for a deleted one; otherwise both are pointers to the table's type.
type Change struct {
	Table    string
	Key      Key
	Old, New any
}

// Changes lists what the transaction has changed until now, in order.
func (tx *Tx) Changes() []Change { return tx.changes[:len(tx.changes):len(tx.changes)] }

func (tx *Tx) rowsOf(table string) anyRows {
	if d, ok := tx.drafts[table]; ok {
		return d.rows
	}
	rs, ok := tx.base[table]
	if !ok {
		panic(notOpened(table))
	}
	return rs
}

func (tx *Tx) still(table string) anyRows {
	if d, ok := tx.drafts[table]; ok && !d.seen {
		tx.drafts[table] = draft{d.rows, true}
	}
	return tx.rowsOf(table)
}

// mutable answers the table's rows as a copy of our own.
func (t *Table[T]) mutable(tx *Tx) *rows[T] {
	d, ok := tx.drafts[t.name]
	if ok && !d.seen {
		return d.rows.(*rows[T])
	}
	rs := tx.rowsOf(t.name).copy()
	if tx.drafts == nil {
		tx.drafts = map[string]draft{}
	}
	tx.drafts[t.name] = draft{rows: rs}
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

// Put makes v the row of key, or what the store's guard makes of it. v must not be
// changed afterwards.
func (t *Table[T]) Put(tx *Tx, key Key, v *T) {
	if tx.guard != nil && tx.guard.Guards(t.name) {
		own := *v
		if tx.guard.Seal(t.name, &own) {
			v = &own
		}
	}
	old := t.set(t.mutable(tx), &Row[T]{Key: key, Val: v})
	tx.note(t.name, key, valueOf(old), v)
}

// Delete takes the row of key out; one that is not there is no error.
func (t *Table[T]) Delete(tx *Tx, key Key) {
	if _, ok := t.in(tx).get(key); !ok {
		return
	}
	old := t.unset(t.mutable(tx), key)
	tx.note(t.name, key, old.Val, nil)
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
