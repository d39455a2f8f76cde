package store

import (
	"maps"
	"slices"
)

// batch is the transactions that become durable together. They change one copy of
// each table in place, one after the other: copying the nodes of a tree for each
// of them would be most of what a small change takes.
type batch struct {
	number  uint64             // the revision that it leads to; its rows bear it
	tables  map[string]anyRows // as the transactions until now leave them
	own     bool               // whether tables is no longer the map that readers see
	changes []Change
	undos   []undo // what takes back the changes of the transaction under way
	publish bool   // whether anything is new at all
	done    []*request
}

// newBatch begins a batch that changes about as many rows as usual.
func newBatch(on *Snap, usual int) *batch {
	return &batch{number: on.Rev + 1, tables: on.tables, changes: make([]Change, 0, usual)}
}

// replace has a table lead to other rows.
func (b *batch) replace(table string, rs anyRows) {
	if !b.own {
		b.tables, b.own = maps.Clone(b.tables), true
	}
	b.tables[table] = rs
}

// undo is what takes back the change of a row.
type undo struct {
	table interface{ putBack(*Tx, Key, any) }
	key   Key
	row   any // as it was; nil for none
}

// undo takes back all that a transaction changed, from its end.
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
