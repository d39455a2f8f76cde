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

// carryOut does one effect to its end and settles it.
func (e *Engine) carryOut(ctx context.Context, l lane, eff *effect.Effect) {
	defer e.under.Done()
	defer func() { e.ended <- ending{l, eff.ID} }()
	begin := time.Now()
	out, err := e.insist(ctx, l, eff)
	if ctx.Err() != nil {
		return // cancelled, or the server stops: the queue knows which
	}
	e.log(eff, err, time.Since(begin))
	if err := e.settle(ctx, eff, out, err); err != nil && ctx.Err() == nil {
		e.Log.Error().Err(err).Int("effect", eff.ID).Str("op", eff.Op).Int(eff.Kind.String(), eff.Object).
			Msg("the outcome could not be stored; it is done again after a restart")
	}
}

// insist runs the effect, again and again while its failure may pass.
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

// run calls the runner; a panic of a driver is its failure, not ours.
func (e *Engine) run(ctx context.Context, l lane, eff *effect.Effect) (out Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s panicked: %v\n%s", eff.Op, p, debug.Stack())
		}
	}()
	return e.Runners[eff.Kind].Run(ctx, eff, func(p Progress) { e.report(l, p) })
}

// pauses grow from try to try.
func (e *Engine) pauses() *backoff.ExponentialBackOff {
	p := backoff.NewExponentialBackOff()
	p.InitialInterval, p.Multiplier = max(e.Limits.Pause, shortestPause), 2
	return p
}

// shortestPause keeps us from trying without any pause.
const shortestPause = time.Millisecond

// settle reports the outcome until it is stored: what was done on a host is done,
// even when the disk of the front end is full for a while.
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

// settleOnce reports the outcome and takes the effect off the queue, together.
// An effect that was cancelled meanwhile is not reported.
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
