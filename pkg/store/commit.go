package store

import (
	"fmt"
	"slices"
)

// commit applies transactions, makes them durable, publishes them, and returns their results to
// the callers.
func (s *Store) commit(requests []*request) {
	b := s.apply(requests)
	if len(b.done) == 0 {
		return
	}
	err := s.persist(b.changes)
	if err == nil {
		s.publish(b)
	}
	for _, r := range b.done {
		r.done <- err
	}
}

// apply runs the transactions one after the other. The changes of one that fails are undone,
// and its caller gets the error at once.
func (s *Store) apply(requests []*request) *batch {
	b := newBatch(s.Read(), s.usual)
	now := s.clock()
	for _, r := range requests {
		tx := &Tx{Now: now, batch: b, began: len(b.changes), guard: s.guard}
		b.undos = b.undos[:0]
		if err := r.run(tx, s.triggers); err != nil {
			tx.undo()
			r.done <- err
			continue
		}
		b.publish = b.publish || tx.changed
		b.done = append(b.done, r)
	}
	s.usual = len(b.changes)
	return b
}

// persist writes the last version of every durable row that has changed.
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

// encode goes backward, so that a row that several transactions have changed is encoded once,
// in its last version.
func (s *Store) encode(changes []Change) ([]Write, error) {
	type place struct {
		table string
		key   Key
	}
	s.encoder.reset()
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
			if w.Value, err = s.encoder.encode(c.New); err != nil {
				return nil, fmt.Errorf("table %s, key %v: %w", c.Table, c.Key, err)
			}
		}
		writes = append(writes, w)
	}
	return writes, nil
}

func (s *Store) publish(b *batch) {
	if !b.publish {
		return
	}
	snap := &Snap{Rev: b.number, tables: b.tables}
	s.now.Store(snap)
	for _, w := range s.watching() {
		w.see(Commit{Snap: snap, Changes: b.changes})
	}
}
