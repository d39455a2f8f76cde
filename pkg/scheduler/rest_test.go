package scheduler

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestRest: long rounds are followed by as long a rest, short ones by none, and
// nobody waits for a rest to end who wants to stop.
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
