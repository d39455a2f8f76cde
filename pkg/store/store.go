package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Store is an open store.
type Store struct {
	log      Log
	clock    func() time.Time
	triggers []func(tx *Tx)
	guard    Guard
	now      atomic.Pointer[Snap]

	durable  map[string]bool // names of the durable tables
	requests chan *request
	closing  chan struct{}
	closed   chan struct{}
	once     sync.Once

	encoder encoder // only used by the writer
	usual   int     // number of changes in the last batch

	watchersMu sync.Mutex
	watchers   []*watcher
}

// Options are the parts of a Store.
type Options struct {
	Log    Log
	Tables []AnyTable
	Clock  func() time.Time // time.Now when nil
	// Triggers are called at the end of each successful transaction. Their changes are part of it.
	Triggers []func(tx *Tx)
	Guard    Guard // may change rows before they are stored; nil for none
}

// Guard may change rows before they are stored in a table, for example to encrypt attributes.
type Guard interface {
	// Guards reports whether the rows of a table may need a change.
	Guards(table string) bool
	// Seal may change row, which is a shallow copy, and reports whether it did.
	Seal(table string, row any) bool
}

// ErrClosed is the error of calls after Close.
var ErrClosed = errors.New("the store is closed")

// Open loads the log's rows and starts the writer.
func Open(o Options) (*Store, error) {
	s := &Store{
		log:      o.Log,
		clock:    o.Clock,
		triggers: o.Triggers,
		guard:    o.Guard,
		requests: make(chan *request, maxBatch),
		closing:  make(chan struct{}),
		closed:   make(chan struct{}),
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	tables := append([]AnyTable{counters}, o.Tables...)
	s.durable = make(map[string]bool, len(tables))
	for _, t := range tables {
		s.durable[t.Name()] = t.durable()
	}
	snap, err := load(o.Log, tables)
	if err != nil {
		return nil, fmt.Errorf("loading the store: %w", err)
	}
	s.now.Store(snap)
	go s.write()
	return s, nil
}

// Read returns the newest snapshot.
func (s *Store) Read() *Snap { return s.now.Load() }

// Update runs fn in a transaction. If it returns nil, the changes are durable and visible;
// otherwise there are none.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	r := &request{fn: fn, gone: ctx.Err, done: make(chan error, 1)}
	if err := r.gone(); err != nil {
		return err
	}
	select {
	case s.requests <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return ErrClosed
	}
	// Once queued, the transaction will run whatever happens to ctx, so the result must be waited
	// for.
	select {
	case err := <-r.done:
		return err
	case <-s.closed:
		select {
		case err := <-r.done:
			return err
		default:
			return ErrClosed
		}
	}
}

// Close finishes the queued transactions, then closes the log.
func (s *Store) Close() error {
	var err error
	s.once.Do(func() {
		close(s.closing)
		<-s.closed
		err = s.log.Close()
	})
	return err
}

// request is a transaction in the queue of the writer.
type request struct {
	fn   func(*Tx) error
	gone func() error // returns an error if the caller has gone
	done chan error
}

// run calls fn and turns a panic into an error, so that the writer goes on.
func (r *request) run(tx *Tx, triggers []func(*Tx)) (err error) {
	if err := r.gone(); err != nil { // cancelled before it began
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("transaction panicked: %v\n%s", p, debug.Stack())
		}
	}()
	if err := r.fn(tx); err != nil {
		return err
	}
	for _, trigger := range triggers {
		trigger(tx)
	}
	return nil
}
