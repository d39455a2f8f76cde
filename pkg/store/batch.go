package store

import (
	"maps"
	"slices"
)

// batch is a group of transactions that become durable together. They change one copy of each
// table in place, one after the other, because copying tree nodes for each of them would take
// most of the time of a small change.
type batch struct {
	number  uint64             // the revision after it; also stored in its copies of tables
	tables  map[string]anyRows // after the transactions so far
	own     bool               // tables is a copy, not the map that readers use
	changes []Change
	undos   []undo // undoes the changes of the current transaction
	publish bool   // there is something to publish
	done    []*request
}

// newBatch begins a batch; usual is the expected number of changes.
func newBatch(on *Snap, usual int) *batch {
	return &batch{number: on.Rev + 1, tables: on.tables, changes: make([]Change, 0, usual)}
}

// replace sets the rows of a table.
func (b *batch) replace(table string, rs anyRows) {
	if !b.own {
		b.tables, b.own = maps.Clone(b.tables), true
	}
	b.tables[table] = rs
}

// undo has what is needed to undo the change of a row.
type undo struct {
	table interface{ putBack(*Tx, Key, any) }
	key   Key
	row   any // the previous version; nil for none
}

// undo undoes all changes of the transaction, in reverse order.
func (tx *Tx) undo() {
	for _, u := range slices.Backward(tx.batch.undos) {
		u.table.putBack(tx, u.key, u.row)
	}
	tx.batch.changes = tx.batch.changes[:tx.began]
}

func (t *Table[T]) putBack(tx *Tx, key Key, row any) {
	rs := t.mutable(tx)
	if row == nil {
		t.unset(rs, key)
		return
	}
	t.set(rs, rowOf[T](row))
}
