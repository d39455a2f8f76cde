package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// untilCancelled is a driver that works until its context ends, and a moment longer.
func untilCancelled(ctx context.Context, e *effect.Effect) error {
	if e.Op == "quick" {
		return nil
	}
	<-ctx.Done()
	time.Sleep(time.Second)
	return ctx.Err()
}

// TestCancelledEffectIsNotReported cancels a running effect and a waiting one, and queues
// another in the same transaction, which starts when the first has stopped.
func TestCancelledEffectIsNotReported(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newWorld(t), &diary{run: untilCancelled}
		_, stop := w.start(d, wide)
		defer stop()
		w.do(func(tx *store.Tx) { put(tx, 1, "long", "waits") })
		w.do(func(tx *store.Tx) { effect.Cancel(tx, one.KindVM, 1); put(tx, 1, "quick") })
		if diff := cmp.Diff([]string{"run 1 long"}, d.read()); diff != "" {
			t.Errorf("two effects of one object at once:\n%s", diff)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if diff := cmp.Diff([]string{"run 1 long", "run 1 quick", "settle 1 quick"}, d.read()); diff != "" || w.left() != 0 {
			t.Errorf("%d effects are left:\n%s", w.left(), diff)
		}
	})
}

// TestEffectQueuedAndCancelledAtOnceNeverRuns does both before the engine sees the queue.
func TestEffectQueuedAndCancelledAtOnceNeverRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newWorld(t), &diary{}
		_, stop := w.start(d, oneByOne)
		defer stop()
		w.do(func(tx *store.Tx) { put(tx, 1, "x"); effect.Cancel(tx, one.KindVM, 1); put(tx, 1, "y") })
		if diff := cmp.Diff([]string{"run 1 y", "settle 1 y"}, d.read()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestStoppedEngineLeavesTheQueueToTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, first := newWorld(t), &diary{run: untilCancelled}
		_, stop := w.start(first, wide)
		w.do(func(tx *store.Tx) { put(tx, 1, "a", "b"); put(tx, 2, "c") })
		stop()
		w.store.Close()
		w.store = openOn(t, w.log)
		second := &diary{}
		_, stop = w.start(second, oneByOne)
		defer stop()
		synctest.Wait()
		want := []string{"run 1 a", "settle 1 a", "run 2 c", "settle 2 c", "run 1 b", "settle 1 b"}
		if diff := cmp.Diff(want, second.read()); diff != "" || w.left() != 0 {
			t.Errorf("%d effects are left:\n%s", w.left(), diff)
		}
		for _, line := range first.read() {
			if line[0] != 'r' {
				t.Errorf("the engine that was stopped reported an outcome: %s", line)
			}
		}
	})
}

// TestEffectSeenTwiceRunsOnce: effects of commits during the engine's start are in the queue
// that it reads, and are also notified later, when some have been carried out already.
func TestEffectSeenTwiceRunsOnce(t *testing.T) {
	t.Parallel()
	const many = 2000
	synctest.Test(t, func(t *testing.T) {
		w, d := newWorld(t), &diary{}
		e := newEngine(w.store, d, engine.Limits{PerHost: many, Attempts: 1})
		w.store.Watch(e.Notice)
		w.do(func(tx *store.Tx) {
			for vm := range many {
				put(tx, vm, "x")
			}
		})
		defer run(e)()
		synctest.Wait()
		if lines := d.read(); len(lines) != 2*many || w.left() != 0 {
			t.Errorf("%d lines, want %d runs and as many ends; %d effects are left", len(lines), many, w.left())
		}
	})
}
