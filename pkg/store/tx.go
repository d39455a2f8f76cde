package store

import "time"

// Tx is a transaction. It sees its own changes, and those of earlier transactions in its batch.
type Tx struct {
	Now     time.Time // the time of the transaction
	batch   *batch
	began   int  // number of changes in the batch before it
	changed bool // a row has changed
	guard   Guard
}

// Change is a row that a transaction has changed. Old is nil for a new row, New for a deleted
// one; otherwise both are pointers to the table's type.
type Change struct {
	Table    string
	Key      Key
	Old, New any
}

// Changes lists the changes of the transaction so far, in order.
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

// mutable returns a copy of the table's rows that the batch may change and no walk uses.
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

// Edit returns a copy of a row, to be changed and passed to Put.
func (t *Table[T]) Edit(tx *Tx, key Key) (*T, bool) {
	v, ok := t.Get(tx, key)
	if !ok {
		return nil, false
	}
	return t.clone(v), true
}

// Put stores v as the row of a key, after the store's guard may have changed it. The caller
// must not change v any more.
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

// Delete removes a row, if it exists.
func (t *Table[T]) Delete(tx *Tx, key Key) {
	if _, ok := t.in(tx).get(key); !ok {
		return
	}
	old := t.unset(t.mutable(tx), key)
	tx.note(Change{t.name, key, old.Val, nil}, undo{t, key, old})
}

// Touch makes a new version of a row with the same value, in memory only, so that texts derived
// from it are created again. It is for rows whose XML depends on other rows. It is not undone
// if the transaction fails, because it changes no data.
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

// valueOf avoids a non-nil interface with a nil row.
func valueOf[T any](r *Row[T]) any {
	if r == nil {
		return nil
	}
	return r.Val
}

// rowOrNil avoids a non-nil interface with a nil row.
func rowOrNil[T any](r *Row[T]) any {
	if r == nil {
		return nil
	}
	return r
}
