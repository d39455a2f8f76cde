package engine

import (
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Engine runs the effects of a store.
type Engine struct {
	Store   *store.Store
	Runners map[one.Kind]Runner
	Limits  Limits
	Log     zerolog.Logger

	mu     sync.Mutex
	news   []store.Change // changes of the queue that the loop has not handled
	last   int            // highest ID that was enqueued, or -1
	wake   pause.Bell
	lanes  map[lane]*work
	places *places
	ended  chan ending
	under  sync.WaitGroup
}

// Limits are how many effects may be under way, and how often they are tried.
type Limits struct {
	PerHost  int           // effects on one host
	Shared   int           // effects on all hosts together, not counting the first of each; 0 for no limit
	FrontEnd int           // effects on the front end (image copies)
	Hooks    int           // hooks
	Attempts int           // attempts if errors are temporary
	Pause    time.Duration // before the second attempt; doubled for each further one
}

// lane is an object, or a name that effects have in common. Effects in the same lane run one
// after the other.
type lane struct {
	kind one.Kind
	id   int
	name string
}

func laneOf(e *effect.Effect) lane {
	if e.Lane != "" {
		return lane{kind: e.Kind, name: e.Lane}
	}
	return lane{kind: e.Kind, id: e.Object}
}

// work is the state of a lane.
type work struct {
	queue    []*effect.Effect
	running  *effect.Effect // the first of the queue, if it has been started
	waiting  bool           // waits for a slot of its place
	cancel   context.CancelFunc
	progress Progress
	since    time.Time
}

// ending is an effect that has been settled or abandoned.
type ending struct {
	lane lane
	id   int
}

// Run works until ctx ends, then waits for the effects under way to return. Interrupted effects
// stay in the queue.
func (e *Engine) Run(ctx context.Context) {
	e.wake = pause.NewBell()
	e.ended = make(chan ending, 64)
	e.lanes, e.places = map[lane]*work{}, newPlaces(e.Limits)
	e.last = -1
	defer e.Store.Watch(e.notice)() // stops watching
	for row := range effect.Table.All(e.Store.Read()) {
		e.enqueue(ctx, row.Val)
	}
	for {
		select {
		case <-ctx.Done():
			e.drain()
			return
		case <-e.wake:
			e.catchUp(ctx)
		case end := <-e.ended:
			e.finished(ctx, end)
		}
	}
}

// drain waits for running effects, whose contexts have been cancelled.
func (e *Engine) drain() {
	done := make(chan struct{})
	go func() { e.under.Wait(); close(done) }()
	for {
		select {
		case <-e.ended:
		case <-done:
			return
		}
	}
}

// notice is called by the store's writer, so it only takes note of changes.
func (e *Engine) notice(c store.Commit) {
	e.mu.Lock()
	before := len(e.news)
	for _, change := range c.Changes {
		if change.Table == effect.Table.Name() {
			e.news = append(e.news, change)
		}
	}
	some := len(e.news) > before
	e.mu.Unlock()
	if some {
		e.wake.Ring()
	}
}

// catchUp enqueues new effects and stops cancelled ones.
func (e *Engine) catchUp(ctx context.Context) {
	e.mu.Lock()
	news := e.news
	e.news = nil
	e.mu.Unlock()
	gone := map[int]bool{}
	for _, change := range news {
		if change.New == nil {
			gone[change.Old.(*effect.Effect).ID] = true
		}
	}
	for _, change := range news {
		if change.New == nil {
			e.dequeue(ctx, change.Old.(*effect.Effect))
			continue
		}
		if eff := change.New.(*effect.Effect); !gone[eff.ID] {
			e.enqueue(ctx, eff)
		}
	}
}

// enqueue adds an effect to its lane, in the order of IDs. Lower IDs are ignored: these effects
// were read from the queue at the start, and may have been settled since.
func (e *Engine) enqueue(ctx context.Context, eff *effect.Effect) {
	if _, ok := e.Runners[eff.Kind]; !ok {
		e.Log.Error().Int("effect", eff.ID).Str("op", eff.Op).Int(eff.Kind.String(), eff.Object).
			Msg("nobody runs effects of this kind; it stays in the queue")
		return
	}
	l := laneOf(eff)
	e.mu.Lock()
	if eff.ID <= e.last {
		e.mu.Unlock()
		return
	}
	e.last = eff.ID
	w := e.lanes[l]
	if w == nil {
		w = &work{}
		e.lanes[l] = w
	}
	w.queue = append(w.queue, eff)
	e.mu.Unlock()
	e.next(ctx, l)
}

// dequeue removes an effect that was settled or cancelled; if it is running, its context is
// cancelled.
func (e *Engine) dequeue(ctx context.Context, eff *effect.Effect) {
	l := laneOf(eff)
	e.mu.Lock()
	if w := e.lanes[l]; w != nil {
		if w.running != nil && w.running.ID == eff.ID && w.cancel != nil {
			w.cancel()
		}
		for i, q := range w.queue {
			if q.ID == eff.ID {
				w.queue = append(w.queue[:i:i], w.queue[i+1:]...)
				break
			}
		}
	}
	e.mu.Unlock()
	e.next(ctx, l)
}

// finished frees the lane and the slot, and starts the effects that waited for them.
func (e *Engine) finished(ctx context.Context, end ending) {
	e.mu.Lock()
	w := e.lanes[end.lane]
	e.places.leave(w.running.Host)
	w.cancel()
	w.running, w.cancel, w.progress = nil, nil, Progress{}
	if len(w.queue) == 0 && !w.waiting {
		delete(e.lanes, end.lane)
	}
	e.mu.Unlock()
	e.admit(ctx)
	e.next(ctx, end.lane)
}

// admit gives free slots to lanes that wait for them.
func (e *Engine) admit(ctx context.Context) {
	for {
		e.mu.Lock()
		l, some := e.places.admit()
		e.mu.Unlock()
		if !some {
			return
		}
		e.next(ctx, l)
	}
}

// next starts the first effect of an idle lane, if there is a slot; otherwise the lane waits
// for one.
func (e *Engine) next(ctx context.Context, l lane) {
	e.mu.Lock()
	defer e.mu.Unlock()
	w := e.lanes[l]
	if w == nil || w.running != nil {
		return
	}
	w.waiting = false
	if len(w.queue) == 0 {
		delete(e.lanes, l)
		return
	}
	if !e.places.enter(w.queue[0].Host, l) {
		w.waiting = true
		return
	}
	w.running, w.queue, w.since = w.queue[0], w.queue[1:], time.Now()
	var run context.Context
	run, w.cancel = context.WithCancel(ctx)
	e.under.Add(1)
	go e.carryOut(run, l, w.running)
}
