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
	news   []store.Change // changes of the queue that the loop has not seen
	last   int            // highest ID that was taken in, -1 before the first
	wake   pause.Bell
	lanes  map[lane]*work
	places *places
	ended  chan ending
	under  sync.WaitGroup
}

// Limits say how much may be under way at once, and how long to insist.
type Limits struct {
	PerHost  int           // effects on one host
	Shared   int           // effects on all hosts, beyond the first of each; 0 is no limit
	FrontEnd int           // effects on the front end (image copies)
	Hooks    int           // hooks
	Attempts int           // tries of an effect whose failure may pass
	Pause    time.Duration // before the second try; it doubles from try to try
}

// lane is an object whose effects run one by one, or a name that effects share
// for the same.
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

// work is what a lane has to do.
type work struct {
	queue    []*effect.Effect
	running  *effect.Effect // head of the queue, started
	waiting  bool           // in line for a slot of its place
	cancel   context.CancelFunc
	progress Progress
	since    time.Time
}

// ending is an effect that was settled or given up.
type ending struct {
	lane lane
	id   int
}

// Run works until ctx ends, then waits for what is under way to come back.
// Whatever was interrupted stays in the queue.
func (e *Engine) Run(ctx context.Context) {
	e.wake = pause.NewBell()
	e.ended = make(chan ending, 64)
	e.lanes, e.places = map[lane]*work{}, newPlaces(e.Limits)
	e.last = -1
	defer e.Store.Watch(e.notice)() // what follows is not of interest to us
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

// drain waits for running effects, whose contexts have ended.
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

// notice runs on the store's writer: it only notes what changed.
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

// catchUp takes in new effects and stops those that were cancelled.
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

// enqueue puts an effect into its lane. Effects come in the order of their IDs;
// one that was taken in before, when the queue was read at the start, may have
// been settled since and must not be done again.
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

// dequeue forgets an effect that was settled or cancelled; one that runs is
// told to stop.
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

// finished frees the lane and the slot, and starts what waited for either.
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

// admit gives slots that are free to those who stand in line for them.
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

// next starts a lane's first effect, when the lane is idle and there is a slot
// for it; otherwise the lane stands in line for one.
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
