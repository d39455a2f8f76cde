package engine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func TestEffectsOfOneObjectRunInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newWorld(t), &diary{}
		d.run = func(context.Context, *effect.Effect) error { time.Sleep(time.Second); return nil }
		_, stop := w.start(d, wide)
		defer stop()
		w.do(func(tx *store.Tx) { put(tx, 1, "a", "b", "c") })
		time.Sleep(time.Minute)
		synctest.Wait()
		want := []string{"run 1 a", "settle 1 a", "run 1 b", "settle 1 b", "run 1 c", "settle 1 c"}
		if diff := cmp.Diff(want, d.read()); diff != "" {
			t.Errorf("wrong order:\n%s", diff)
		}
	})
}

// TestLimitsHoldPerHostAndFrontEnd counts the effects under way on each host.
func TestLimitsHoldPerHostAndFrontEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newWorld(t), &diary{}
		var mu sync.Mutex
		now, most := map[int]int{}, map[int]int{}
		d.run = func(_ context.Context, e *effect.Effect) error {
			mu.Lock()
			now[e.Host]++
			most[e.Host] = max(most[e.Host], now[e.Host])
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			now[e.Host]--
			mu.Unlock()
			return nil
		}
		_, stop := w.start(d, engine.Limits{PerHost: 3, FrontEnd: 2, Attempts: 1})
		defer stop()
		w.do(func(tx *store.Tx) {
			for vm := range 60 {
				effect.Put(tx, effect.Effect{Kind: one.KindVM, Object: vm, Op: "x", Host: vm%3 - 1})
			}
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		if diff := cmp.Diff(map[int]int{-1: 2, 0: 3, 1: 3}, most); diff != "" || w.left() != 0 {
			t.Errorf("%d effects are left; most at once, by host:\n%s", w.left(), diff)
		}
	})
}

func TestStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newWorld(t), &diary{}
		d.run = func(ctx context.Context, _ *effect.Effect) error { <-ctx.Done(); return ctx.Err() }
		e, stop := w.start(d, oneByOne)
		defer stop()
		w.do(func(tx *store.Tx) { put(tx, 1, "a", "b"); put(tx, 2, "c") })
		var got []string
		for _, s := range e.Status() {
			got = append(got, fmt.Sprint(s.Effect.Op, " ", s.Running))
		}
		if diff := cmp.Diff([]string{"a true", "b false", "c false"}, got); diff != "" {
			t.Errorf("wrong status:\n%s", diff)
		}
	})
}

// TestSlowHostsDoNotDelayOthers: effects on some hosts hang and hold all shared slots; other
// hosts still run one effect each.
func TestSlowHostsDoNotDelayOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const slow, quick = 5, 5
		w, d := newWorld(t), &diary{}
		var mu sync.Mutex
		hanging := 0
		d.run = func(ctx context.Context, e *effect.Effect) error {
			if e.Host >= slow {
				return nil
			}
			mu.Lock()
			hanging++
			mu.Unlock()
			<-ctx.Done()
			return ctx.Err()
		}
		_, stop := w.start(d, engine.Limits{PerHost: 4, Shared: 6, Attempts: 1})
		defer stop()
		queue := func(first, hosts int) {
			w.do(func(tx *store.Tx) {
				for i := range hosts * 10 {
					effect.Put(tx, effect.Effect{Kind: one.KindVM, Object: first*10 + i, Op: "x", Host: first + i%hosts})
				}
			})
		}
		queue(0, slow)
		queue(slow, quick)
		if hanging != slow+6 || w.left() != slow*10 {
			t.Errorf("%d hang, want one for each of %d hosts and 6; %d are left, want the %d of the slow hosts", hanging, slow, w.left(), slow*10)
		}
	})
}
