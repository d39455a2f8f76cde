package pause_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/pause"
)

func TestFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		begin := time.Now()
		for _, c := range []struct {
			d, passed time.Duration
			err       error
		}{
			{50 * time.Second, 50 * time.Second, nil}, {0, 50 * time.Second, nil},
			{time.Hour, time.Minute, context.DeadlineExceeded}, {0, time.Minute, context.DeadlineExceeded},
		} {
			if err := pause.For(ctx, c.d); !errors.Is(err, c.err) || time.Since(begin) != c.passed {
				t.Errorf("after a pause of %v: %v, %v have passed; want %v and %v", c.d, err, time.Since(begin), c.err, c.passed)
			}
		}
	})
}

// TestBell: what rings while nobody waits is heard once.
func TestBell(t *testing.T) {
	t.Parallel()
	bell := pause.NewBell()
	for range 3 {
		bell.Ring()
	}
	<-bell
	select {
	case <-bell:
		t.Error("it is heard twice")
	default:
	}
}

// TestEvery: what is done takes three intervals the second time.
func TestEvery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 65*time.Second)
		defer cancel()
		begin := time.Now()
		var at []time.Duration
		pause.Every(ctx, 10*time.Second, func(context.Context) {
			at = append(at, time.Since(begin)/time.Second)
			if len(at) == 2 {
				time.Sleep(25 * time.Second)
			}
		})
		if diff := cmp.Diff([]time.Duration{0, 10, 35, 40, 50, 60}, at); diff != "" {
			t.Errorf("done at these seconds (-want +got):\n%s", diff)
		}
	})
}
