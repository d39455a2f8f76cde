package feed_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/feed"
)

// watch starts a watch of host and answers a function that waits for its end.
func watch(ctx context.Context, f *feed.Feed, host string) (end func() ([]int, error)) {
	var seen []int
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = f.Watch(ctx, host, func(d drivers.Domain) { seen = append(seen, d.VMID) })
	}()
	synctest.Wait()
	return func() ([]int, error) {
		<-done
		return seen, err
	}
}

func TestWatchSeesItsHostInOrderUntilItFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f feed.Feed
		end := watch(t.Context(), &f, "a")
		lost := errors.New("connection lost")
		for id := range 5 {
			f.Publish("a", drivers.Domain{VMID: id})
			f.Publish("b", drivers.Domain{VMID: 100 + id})
		}
		f.Fail("b", errors.New("not ours"))
		f.Fail("a", lost)
		seen, err := end()
		if diff := cmp.Diff([]int{0, 1, 2, 3, 4}, seen); diff != "" {
			t.Errorf("seen (-want +got):\n%s", diff)
		}
		if !errors.Is(err, lost) {
			t.Errorf("Watch = %v, want %v", err, lost)
		}
	})
}

func TestWatchEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f feed.Feed
		ctx, cancel := context.WithCancel(t.Context())
		end := watch(ctx, &f, "a")
		cancel()
		if _, err := end(); !errors.Is(err, context.Canceled) {
			t.Errorf("Watch = %v, want %v", err, context.Canceled)
		}
		f.Publish("a", drivers.Domain{}) // no watcher: must not block
	})
}

func TestCloseEndsAllWatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f feed.Feed
		a, b := watch(t.Context(), &f, "a"), watch(t.Context(), &f, "b")
		f.Close()
		for _, end := range []func() ([]int, error){a, b} {
			if _, err := end(); !errors.Is(err, feed.ErrClosed) {
				t.Errorf("Watch = %v, want %v", err, feed.ErrClosed)
			}
		}
		if err := f.Watch(t.Context(), "a", nil); !errors.Is(err, feed.ErrClosed) {
			t.Errorf("Watch after Close = %v, want %v", err, feed.ErrClosed)
		}
	})
}
