package store

import (
	"fmt"
	"maps"
	"slices"
)

// pending is a batch on its way: the tables it leads to, and what must become
// durable before anybody sees them.
type pending struct {
	tables  map[string]anyRows
	changes []Change
	publish bool // whether anything is new at all
	done    []*request
}

// commit applies a batch, makes it durable, publishes it, and answers.
func (s *Store) commit(batch []*request) {
	p := s.apply(batch)
	if len(p.done) == 0 {
		return
	}
	err := s.persist(p.changes)
	if err == nil {
		s.publish(p)
	}
	for _, r := range p.done {
		r.done <- err
	}
}

// apply runs the transactions one after the other. One that fails is answered
// at once and its changes are dropped; the next starts where the last good one
// ended.
func (s *Store) apply(batch []*request) pending {
	p := pending{tables: s.Read().tables}
	now := s.clock()
	for _, r := range batch {
		tx := &Tx{Now: now, base: p.tables, guard: s.guard}
		if err := r.run(tx, s.triggers); err != nil {
			r.done <- err
			continue
		}
		p.done = append(p.done, r)
		p.take(tx)
	}
	return p
}

// take makes what a transaction leaves the start of the next.
func (p *pending) take(tx *Tx) {
	if len(tx.drafts) == 0 {
		return
	}
	if !p.publish { // until now these are the tables that readers see
		p.tables, p.publish = maps.Clone(p.tables), true
	}
	for name, d := range tx.drafts {
		p.tables[name] = d.rows
	}
	p.changes = append(p.changes, tx.changes...)
}

// persist writes the last version of every durable row that the batch changed.
func (s *Store) persist(changes []Change) error {
	writes, err := s.encode(changes)
	if err != nil || len(writes) == 0 {
		return err
	}
	if err := s.log.Append(writes); err != nil {
		return fmt.Errorf("writing to the store: %w", err)
	}
	return nil
}

// encode goes backward, so that a row that many transactions of the batch
// touched is encoded once, as the last of them left it.
func (s *Store) encode(changes []Change) ([]Write, error) {
	type place struct {
		table string
		key   Key
	}
	seen := make(map[place]bool, len(changes))
	writes := make([]Write, 0, len(changes))
	for _, c := range slices.Backward(changes) {
		at := place{c.Table, c.Key}
		if seen[at] || !s.durable[c.Table] {
			continue
		}
		seen[at] = true
		w := Write{Table: c.Table, Key: c.Key.bytes()}
		if c.New != nil {
			var err error
			if w.Value, err = encode(c.New); err != nil {
				return nil, fmt.Errorf("table %s, key %v: %w", c.Table, c.Key, err)
			}
		}
		writes = append(writes, w)
	}
	return writes, nil
}

func (s *Store) publish(p pending) {
	if !p.publish {
		return
	}
	snap := &Snap{Rev: s.Read().Rev + 1, tables: p.tables}
	s.now.Store(snap)
	for _, w := range s.watching() {
		w.see(Commit{Snap: snap, Changes: p.changes})
	}
}
