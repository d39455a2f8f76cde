package keylock

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
)

func TestOneAtATime(t *testing.T) {
	t.Parallel()
	var (
		locks  Locks
		wg     sync.WaitGroup
		counts [2]int
	)
	for i, name := range []string{"a", "b"} {
		for range 100 {
			wg.Go(func() {
				unlock, err := locks.Lock(t.Context(), name)
				if err != nil {
					t.Error(err)
					return
				}
				counts[i]++
				unlock()
			})
		}
	}
	wg.Wait()
	if counts != [2]int{100, 100} || len(locks.held) != 0 {
		t.Errorf("counts %v, locks left %d", counts, len(locks.held))
	}
}

func TestWaiterGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var locks Locks
		unlock, err := locks.Lock(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			_, err := locks.Lock(ctx, "a")
			done <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("the waiter got %v", err)
		}
		other, err := locks.Lock(t.Context(), "b")
		if err != nil {
			t.Errorf("another name: %v", err)
		}
		other()
		unlock()
		if again, err := locks.Lock(t.Context(), "a"); err != nil {
			t.Errorf("after unlock: %v", err)
		} else {
			again()
		}
	})
}
