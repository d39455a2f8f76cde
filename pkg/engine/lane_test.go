package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// TestLanesByName: two objects share a lane, at places with one slot of each kind. A lane that
// waits for a slot of the hooks delays nothing else.
func TestLanesByName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		running, most := map[int]int{}, map[int]int{}
		d := &diary{}
		d.run = func(ctx context.Context, e *effect.Effect) error {
			d.mu.Lock()
			running[e.Host]++
			most[e.Host] = max(most[e.Host], running[e.Host])
			d.mu.Unlock()
			time.Sleep(time.Second)
			d.mu.Lock()
			running[e.Host]--
			d.mu.Unlock()
			return nil
		}
		ctx, stop := context.WithCancel(t.Context())
		e := &engine.Engine{
			Store: w.store, Limits: engine.Limits{PerHost: 1, FrontEnd: 1, Hooks: 2, Attempts: 1},
			Runners: map[one.Kind]engine.Runner{one.KindHook: d},
		}
		done := make(chan struct{})
		go func() { e.Run(ctx); close(done) }()
		err := w.store.Update(t.Context(), func(tx *store.Tx) error {
			for i, where := range []int{effect.HookRunner, effect.HookRunner, effect.HookRunner, effect.FrontEnd, 0} {
				lane := ""
				if i < 2 {
					lane = "shared"
				}
				effect.Put(tx, effect.Effect{Kind: one.KindHook, Object: i, Op: "run", Host: where, Lane: lane})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(1500 * time.Millisecond)
		if got := len(d.read()); got != 9 { // the second effect in the shared lane started after the first
			t.Errorf("after a second and a half: %v", d.read())
		}
		time.Sleep(time.Second)
		stop()
		<-done
		if most[effect.HookRunner] != 2 || most[effect.FrontEnd] != 1 || most[0] != 1 {
			t.Errorf("at once ran %v", most)
		}
	})
}
