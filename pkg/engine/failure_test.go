package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

var errHost = errors.New("the host does not answer")

// silent is the error of a host that does not answer: it is temporary.
type silent struct{}

func (silent) Error() string     { return errHost.Error() }
func (silent) Unreachable() bool { return true }

// refused is the error of a host that has answered.
type refused struct{ silent }

func (refused) Unreachable() bool { return false }

func TestOnlyTemporaryErrorsAreTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answers []error // one per attempt; then nil
		runs    int
		want    string
	}{
		"success":            {nil, 1, "settle 1 x"},
		"failure":            {[]error{errHost}, 1, "settle 1 x: failed"},
		"passes":             {[]error{silent{}, silent{}}, 3, "settle 1 x"},
		"wrapped":            {[]error{fmt.Errorf("booting: %w", silent{})}, 2, "settle 1 x"},
		"does not pass":      {slices.Repeat([]error{silent{}}, 9), 4, "settle 1 x: failed"},
		"answered":           {[]error{refused{}}, 1, "settle 1 x: failed"},
		"passes, then fails": {[]error{silent{}, errHost}, 2, "settle 1 x: failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, d, tries := newWorld(t), &diary{}, 0
				d.run = func(context.Context, *effect.Effect) error {
					tries++
					if tries <= len(c.answers) {
						return c.answers[tries-1]
					}
					return nil
				}
				_, stop := w.start(d, oneByOne)
				defer stop()
				w.do(func(tx *store.Tx) { put(tx, 1, "x") })
				time.Sleep(time.Hour)
				synctest.Wait()
				want := append(slices.Repeat([]string{"run 1 x"}, c.runs), c.want)
				if diff := cmp.Diff(want, d.read()); diff != "" {
					t.Errorf("wrong tries:\n%s", diff)
				}
			})
		})
	}
}

// TestLongEffectsAreTriedAgainToo: attempts that take longer than 15 minutes, after which the
// back-off library stops by default.
func TestLongEffectsAreTriedAgainToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newWorld(t), &diary{}
		d.run = func(context.Context, *effect.Effect) error {
			time.Sleep(20 * time.Minute)
			return silent{}
		}
		_, stop := w.start(d, oneByOne)
		defer stop()
		w.do(func(tx *store.Tx) { put(tx, 1, "copy") })
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		if n := len(d.read()); n != oneByOne.Attempts+1 {
			t.Errorf("%d lines of the diary, want %d tries and an end: %q", n, oneByOne.Attempts, d.read())
		}
	})
}

func TestPanicOfARunnerIsAFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newWorld(t), &diary{}
		d.run = func(context.Context, *effect.Effect) error { panic("a bad driver") }
		_, stop := w.start(d, oneByOne)
		defer stop()
		w.do(func(tx *store.Tx) { put(tx, 1, "x") })
		if diff := cmp.Diff([]string{"run 1 x", "settle 1 x: failed"}, d.read()); diff != "" {
			t.Error(diff)
		}
	})
}

// TestOutcomeWaitsForTheDisk: if the disk is full when an effect ends, its outcome is stored
// later, and the effect is not repeated.
func TestOutcomeWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newWorld(t), &diary{}
		var full atomic.Bool
		full.Store(true)
		d.rule = func(*effect.Effect) error {
			if full.Load() {
				return syscall.ENOSPC
			}
			return nil
		}
		_, stop := w.start(d, oneByOne)
		defer stop()
		w.do(func(tx *store.Tx) { put(tx, 1, "x", "y") })
		time.Sleep(time.Hour)
		synctest.Wait()
		if diff := cmp.Diff([]string{"run 1 x"}, d.read()); diff != "" || w.left() != 2 {
			t.Errorf("%d effects in the queue, want 2:\n%s", w.left(), diff)
		}
		full.Store(false)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]string{"run 1 x", "settle 1 x", "run 1 y", "settle 1 y"}, d.read()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestEffectWithoutRunnerStaysAndBlocksNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newWorld(t), &diary{}
		_, stop := w.start(d, oneByOne)
		defer stop()
		w.do(func(tx *store.Tx) {
			effect.Put(tx, effect.Effect{Kind: one.KindImage, Object: 1, Op: "x", Host: 7})
			put(tx, 1, "y")
		})
		if diff := cmp.Diff([]string{"run 1 y", "settle 1 y"}, d.read()); diff != "" || w.left() != 1 {
			t.Errorf("%d effects in the queue, want 1:\n%s", w.left(), diff)
		}
	})
}
