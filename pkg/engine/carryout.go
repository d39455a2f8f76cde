package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// carryOut runs an effect to its end and settles it.
func (e *Engine) carryOut(ctx context.Context, l lane, eff *effect.Effect) {
	defer e.under.Done()
	defer func() { e.ended <- ending{l, eff.ID} }()
	begin := time.Now()
	out, err := e.insist(ctx, l, eff)
	if ctx.Err() != nil {
		return // cancelled, or the server stops: in the second case, the effect is still queued
	}
	e.log(eff, err, time.Since(begin))
	if err := e.settle(ctx, eff, out, err); err != nil && ctx.Err() == nil {
		e.Log.Error().Err(err).Int("effect", eff.ID).Str("op", eff.Op).Int(eff.Kind.String(), eff.Object).
			Msg("the outcome could not be stored; it is done again after a restart")
	}
}

// insist runs an effect, again and again as long as its error is temporary.
func (e *Engine) insist(ctx context.Context, l lane, eff *effect.Effect) (Outcome, error) {
	return backoff.Retry(ctx, func() (Outcome, error) {
		out, err := e.run(ctx, l, eff)
		if err != nil && !mayPass(err) {
			return nil, backoff.Permanent(err)
		}
		return out, err
	}, backoff.WithBackOff(e.pauses()), backoff.WithMaxElapsedTime(0), backoff.WithMaxTries(uint(max(e.Limits.Attempts, 1))),
		backoff.WithNotify(func(err error, d time.Duration) {
			e.Log.Warn().Err(err).Str("op", eff.Op).Int(eff.Kind.String(), eff.Object).Dur("again_in", d).Msg("trying again")
		}))
}

// run calls the runner and turns panics of drivers into errors.
func (e *Engine) run(ctx context.Context, l lane, eff *effect.Effect) (out Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s panicked: %v\n%s", eff.Op, p, debug.Stack())
		}
	}()
	return e.Runners[eff.Kind].Run(ctx, eff, func(p Progress) { e.report(l, p) })
}

// pauses are the growing pauses between attempts.
func (e *Engine) pauses() *backoff.ExponentialBackOff {
	p := backoff.NewExponentialBackOff()
	p.InitialInterval, p.Multiplier = max(e.Limits.Pause, shortestPause), 2
	return p
}

// shortestPause avoids attempts without a pause.
const shortestPause = time.Millisecond

// settle tries until the outcome is stored, because it cannot be undone: the disk of the front
// end may be full for a while.
func (e *Engine) settle(ctx context.Context, eff *effect.Effect, out Outcome, err error) error {
	_, err = backoff.Retry(ctx, func() (struct{}, error) {
		err := e.settleOnce(ctx, eff, out, err)
		if errors.Is(err, store.ErrClosed) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(e.pauses()), backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(err error, d time.Duration) {
		e.Log.Error().Err(err).Int("effect", eff.ID).Str("op", eff.Op).Int(eff.Kind.String(), eff.Object).Dur("again_in", d).
			Msg("the outcome could not be stored")
	}))
	return err
}

// settleOnce reports the outcome and removes the effect from the queue, in one transaction. For
// an effect that was cancelled meanwhile, nothing is reported.
func (e *Engine) settleOnce(ctx context.Context, eff *effect.Effect, out Outcome, err error) error {
	return e.Store.Update(ctx, func(tx *store.Tx) error {
		if _, there := effect.Done(tx, eff.ID); !there {
			return nil
		}
		return e.Runners[eff.Kind].Settle(tx, eff, out, err)
	})
}

func (e *Engine) log(eff *effect.Effect, err error, took time.Duration) {
	line := e.Log.Info()
	if err != nil {
		line = e.Log.Error().Err(err)
	}
	line.Int(eff.Kind.String(), eff.Object).Str("op", eff.Op).Int("host", eff.Host).Dur("dur", took).Msg("effect")
}

func (e *Engine) report(l lane, p Progress) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if w := e.lanes[l]; w != nil {
		w.progress = p
	}
}
