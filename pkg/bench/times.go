package bench

import (
	"slices"
	"time"
)

// times are sorted durations.
type times []time.Duration

func newTimes[T any](list []T, of func(T) time.Duration) times {
	t := make(times, 0, len(list))
	for _, v := range list {
		t = append(t, of(v))
	}
	slices.Sort(t)
	return t
}

// at is a percentile; 0 if there are none.
func (t times) at(percent int) time.Duration {
	if len(t) == 0 {
		return 0
	}
	return t[min(len(t)-1, len(t)*percent/100)]
}

// rough formats a duration with three or four digits.
func rough(d time.Duration) string {
	for _, step := range []time.Duration{time.Second, 100 * time.Millisecond, 10 * time.Millisecond, time.Millisecond, 100 * time.Microsecond} {
		if d.Abs() >= step {
			return d.Round(step / 1000).String()
		}
	}
	return d.Round(100 * time.Nanosecond).String()
}
