package scheduler

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestRest: a long round is followed by an equally long pause, a short one by none, and a
// cancelled context ends the pause.
func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for took, want := range map[time.Duration]time.Duration{longRound - 1: 0, longRound: longRound, time.Minute: time.Minute} {
			begin := time.Now()
			rest(t.Context(), took)
			if got := time.Since(begin); got != want {
				t.Errorf("after a round of %v it rested for %v, want %v", took, got, want)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		begin := time.Now()
		if rest(ctx, time.Hour); time.Since(begin) != 0 {
			t.Error("it rested on when it was to stop")
		}
	})
}
