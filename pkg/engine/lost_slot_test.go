package engine_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// held is a runner whose effects wait for a signal.
type held struct {
	gate    chan struct{}
	started []int
}

func (h *held) Run(ctx context.Context, e *effect.Effect, _ func(engine.Progress)) (engine.Outcome, error) {
	h.started = append(h.started, e.Object)
	select {
	case <-h.gate:
	case <-ctx.Done():
	}
	return nil, ctx.Err()
}

func (h *held) Settle(*store.Tx, *effect.Effect, engine.Outcome, error) error { return nil }

// TestCancelWhileWaitingLosesNoSlot: three VMs need the only slot of a host; the second is
// cancelled while it waits.
func TestCancelWhileWaitingLosesNoSlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{effect.Table}})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		h := &held{gate: make(chan struct{})}
		e := &engine.Engine{
			Store: s, Runners: map[one.Kind]engine.Runner{one.KindVM: h}, Log: zerolog.Nop(),
			Limits: engine.Limits{PerHost: 1, FrontEnd: 1, Attempts: 1},
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { e.Run(ctx); close(done) }()
		defer func() { cancel(); <-done }()
		do := func(fn func(tx *store.Tx)) {
			if err := s.Update(t.Context(), func(tx *store.Tx) error { fn(tx); return nil }); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		synctest.Wait()
		for vm := range 3 {
			do(func(tx *store.Tx) { effect.Put(tx, effect.Effect{Kind: one.KindVM, Object: vm, Op: "x", Host: 7}) })
		}
		do(func(tx *store.Tx) { effect.Cancel(tx, one.KindVM, 1) })
		h.gate <- struct{}{}
		synctest.Wait()
		if len(h.started) != 2 || h.started[1] != 2 {
			t.Errorf("started %v, want 0 and 2: the slot that 1 waited for is lost", h.started)
		}
	})
}
