package bench

import (
	"testing"
	"time"
)

func TestProcessorTime(t *testing.T) {
	t.Parallel()
	for stat, want := range map[string]time.Duration{
		"7 (renkei) S 1 7 7 0 -1 4194304 100 0 0 0 150 25 0 0 20 0 9 0 123 456": 1750 * time.Millisecond,
		"7 (a) b) S 1 7 7 0 -1 4194304 100 0 0 0 1 2 0 0 20 0":                  30 * time.Millisecond,
		"7 (renkei) S 1 7": 0,
		"":                 0,
	} {
		if got := processorOf(stat); got != want {
			t.Errorf("%q is read as %v, want %v", stat, got, want)
		}
	}
}
