package engine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// diary is a runner that records what happened.
type diary struct {
	mu    sync.Mutex
	lines []string
	run   func(ctx context.Context, e *effect.Effect) error // nil means success at once
	rule  func(e *effect.Effect) error                      // nil accepts every outcome
}

func (d *diary) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

func (d *diary) read() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.lines...)
}

func (d *diary) Run(ctx context.Context, e *effect.Effect, _ func(engine.Progress)) (engine.Outcome, error) {
	d.note("run %d %s", e.Object, e.Op)
	if d.run == nil {
		return nil, nil
	}
	return nil, d.run(ctx, e)
}

func (d *diary) Settle(_ *store.Tx, e *effect.Effect, _ engine.Outcome, err error) error {
	if d.rule != nil {
		if err := d.rule(e); err != nil {
			return err
		}
	}
	if err != nil {
		d.note("settle %d %s: failed", e.Object, e.Op)
		return nil
	}
	d.note("settle %d %s", e.Object, e.Op)
	return nil
}

// world is a store and its log.
type world struct {
	*testing.T
	log   *memlog.Log
	store *store.Store
}

func newWorld(t *testing.T) *world {
	log := memlog.New()
	w := &world{T: t, log: log, store: openOn(t, log)}
	return w
}

func openOn(t testing.TB, log store.Log) *store.Store {
	s, err := store.Open(store.Options{Log: log, Tables: []store.AnyTable{effect.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var (
	oneByOne = engine.Limits{PerHost: 1, FrontEnd: 1, Attempts: 4, Pause: time.Second}
	wide     = engine.Limits{PerHost: 16, Shared: 256, FrontEnd: 8, Attempts: 4, Pause: time.Second}
)

// start runs an engine in a synctest bubble until stop is called.
func (w *world) start(r engine.Runner, limits engine.Limits) (e *engine.Engine, stop func()) {
	e = newEngine(w.store, r, limits)
	stop = run(e)
	synctest.Wait()
	return e, stop
}

func newEngine(s *store.Store, r engine.Runner, limits engine.Limits) *engine.Engine {
	return &engine.Engine{Store: s, Runners: map[one.Kind]engine.Runner{one.KindVM: r}, Limits: limits, Log: zerolog.Nop()}
}

// run is start outside of synctest.
func run(e *engine.Engine) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { e.Run(ctx); close(done) }()
	return func() { cancel(); <-done }
}

// do changes the queue, then waits until all goroutines are blocked.
func (w *world) do(fn func(tx *store.Tx)) {
	w.Helper()
	if err := w.store.Update(context.Background(), func(tx *store.Tx) error { fn(tx); return nil }); err != nil {
		w.Error(err)
	}
	synctest.Wait()
}

// put queues operations of a VM on host 7.
func put(tx *store.Tx, vm int, ops ...string) {
	for _, op := range ops {
		effect.Put(tx, effect.Effect{Kind: one.KindVM, Object: vm, Op: op, Host: 7})
	}
}

func (w *world) left() int { return effect.Table.Len(w.store.Read()) }
