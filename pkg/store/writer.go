package store

import (
	"fmt"
	"maps"
	"slices"

	"github.com/fxamacker/cbor/v2"
)

// maxBatch bounds how many transactions share one sync.
const maxBatch = 512

// write is the one writer: it gathers what has arrived and commits it as one.
func (s *Store) write() {
	defer close(s.closed)
	for {
		select {
		case r := <-s.requests:
			s.commit(s.gather(r))
		case <-s.closing:
			s.drain()
			return
		}
	}
}

// gather takes what waits behind r, without waiting for more.
func (s *Store) gather(r *request) []*request {
	batch := []*request{r}
	for len(batch) < maxBatch {
		select {
		case r := <-s.requests:
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

// drain commits what was queued before Close.
func (s *Store) drain() {
	for {
		select {
		case r := <-s.requests:
			s.commit(s.gather(r))
		default:
			return
		}
	}
}

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
		tx := begin(p.tables, now)
		if err := r.run(tx); err != nil {
			r.done <- err
			continue
		}
		p.done = append(p.done, r)
		if len(tx.changes) > 0 || tx.touched {
			p.tables = tx.snap
			p.publish = true
			p.changes = append(p.changes, tx.changes...)
		}
	}
	return p
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
			if w.Value, err = cbor.Marshal(c.New); err != nil {
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
	s.watchersMu.Lock()
	watchers := s.watchers
	s.watchersMu.Unlock()
	for _, see := range watchers {
		see(Commit{Snap: snap, Changes: p.changes})
	}
}

// load makes the first snapshot from the log.
func load(log Log, tables []AnyTable) (*Snap, error) {
	known := make(map[string]AnyTable, len(tables))
	content := make(map[string]anyRows, len(tables))
	for _, t := range tables {
		known[t.Name()], content[t.Name()] = t, t.newRows()
	}
	err := log.Load(func(table string, key, value []byte) error {
		t, ok := known[table]
		if !ok {
			return fmt.Errorf("table %s is unknown to this version of renkei: use the version that wrote it, or a newer one", table)
		}
		k, ok := keyOf(key)
		if !ok {
			return fmt.Errorf("table %s: key of %d bytes", table, len(key))
		}
		return t.decode(content[table], k, value)
	})
	return &Snap{tables: maps.Clone(content)}, err
}
