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

	durable  map[string]bool // by table
	requests chan *request
	closing  chan struct{}
	closed   chan struct{}
	once     sync.Once

	encoder encoder // the writer's
	usual   int     // how many changes the last batch made

	watchersMu sync.Mutex
	watchers   []*watcher
}

// Options are the parts that a Store is made of.
type Options struct {
	Log    Log
	Tables []AnyTable
	Clock  func() time.Time // time.Now when nil
	// Triggers are called at the end of each transaction that succeeded, within
	// it: what they do becomes durable with it, or not at all.
	Triggers []func(tx *Tx)
	Guard    Guard // of what rows may not hold as it is; nil is none
}

// Guard changes rows on their way into their tables: all of them pass here.
type Guard interface {
	// Guards tells whether rows of a table may have to be changed.
	Guards(table string) bool
	// Seal is given a shallow copy of a row, and tells whether it changed that.
	Seal(table string, row any) bool
}

// ErrClosed is answered to whoever comes after Close.
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

// Read answers the newest snapshot.
func (s *Store) Read() *Snap { return s.now.Load() }

// Update runs fn in a transaction. When it answers nil, what fn did is durable
// and visible; otherwise nothing of it is.
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
	// Once it is queued the outcome is waited for, whatever ctx says: an
	// answer of "cancelled" for a change that happened would be a lie.
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

// Close finishes what is queued, then closes the log.
func (s *Store) Close() error {
	var err error
	s.once.Do(func() {
		close(s.closing)
		<-s.closed
		err = s.log.Close()
	})
	return err
}

// request is a transaction that waits for the writer.
type request struct {
	fn   func(*Tx) error
	gone func() error // why nobody wants it any more, if so
	done chan error
}

// run calls fn and turns a panic of it into an error: one bad rule must not
// take the writer with it.
func (r *request) run(tx *Tx, triggers []func(*Tx)) (err error) {
	if err := r.gone(); err != nil { // nothing was done yet: that is no lie
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
