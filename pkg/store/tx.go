package store

import "time"

// Tx is a transaction under way. It sees its own changes, and those of the
// transactions before it in its batch.
type Tx struct {
	Now     time.Time // the one time of this transaction
	batch   *batch
	began   int  // how many changes the batch had before
	changed bool // whether any row is another now
	guard   Guard
}

// Change is one row that a transaction changed. Old is nil for a new row, New
// for a deleted one; otherwise both are pointers to the table's type.
type Change struct {
	Table    string
	Key      Key
	Old, New any
}

// Changes lists what the transaction has changed until now, in order.
func (tx *Tx) Changes() []Change {
	all := tx.batch.changes
	return all[tx.began:len(all):len(all)]
}

func (tx *Tx) rowsOf(table string) anyRows {
	rs, ok := tx.batch.tables[table]
	if !ok {
		panic(notOpened(table))
	}
	return rs
}

func (tx *Tx) still(table string) anyRows {
	rs := tx.rowsOf(table)
	rs.walked(1)
	return rs
}

func (tx *Tx) left(rs anyRows) { rs.walked(-1) }

// mutable answers the table's rows as the batch's own, which nobody walks.
func (t *Table[T]) mutable(tx *Tx) *rows[T] {
	tx.changed = true
	rs := t.in(tx)
	if rs.batch != tx.batch.number || rs.walks > 0 {
		rs = rs.copy(tx.batch.number)
		tx.batch.replace(t.name, rs)
	}
	if rs.derived.Load() != nil {
		rs.derived.Store(nil)
	}
	return rs
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
	tx.note(Change{t.name, key, valueOf(old), v}, undo{t, key, rowOrNil(old)})
}

// Delete takes the row of key out; one that is not there is no error.
func (t *Table[T]) Delete(tx *Tx, key Key) {
	if _, ok := t.in(tx).get(key); !ok {
		return
	}
	old := t.unset(t.mutable(tx), key)
	tx.note(Change{t.name, key, old.Val, nil}, undo{t, key, old})
}

// Touch makes the row of key a new version with the same value, in memory
// only: what readers derived from it, and from rows that it does not hold
// itself, is derived anew. That is never taken back: it says nothing new.
func (t *Table[T]) Touch(tx *Tx, key Key) {
	v, ok := t.Get(tx, key)
	if !ok {
		return
	}
	t.set(t.mutable(tx), &Row[T]{Key: key, Val: v})
}

func (tx *Tx) note(c Change, u undo) {
	tx.batch.changes = append(tx.batch.changes, c)
	tx.batch.undos = append(tx.batch.undos, u)
}

// valueOf keeps a missing row from becoming a non-nil interface.
func valueOf[T any](r *Row[T]) any {
	if r == nil {
		return nil
	}
	return r.Val
}

// rowOrNil keeps a missing row from becoming a non-nil interface.
func rowOrNil[T any](r *Row[T]) any {
	if r == nil {
		return nil
	}
	return r
}
