package monitor

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/host"
)

// TestRingsKeepTheNewest compares a ring with the end of a list.
func TestRingsKeepTheNewest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.IntRange(1, 5).Draw(rt, "size")
		r, all := NewRings(size), []host.Sample{}
		for i := range rapid.IntRange(0, 20).Draw(rt, "samples") {
			s := host.Sample{Time: int64(i)}
			r.host(1, s)
			r.host(2, host.Sample{Time: -1})
			all = append(all, s)
		}
		want := all[max(0, len(all)-size):]
		if diff := cmp.Diff(want, append([]host.Sample{}, r.Host(1)...)); diff != "" {
			rt.Errorf("of %d samples it keeps others than the last %d:\n%s", len(all), size, diff)
		}
		r.forgetHost(1)
		if r.Host(1) != nil || len(all) > 0 && r.Host(2) == nil {
			rt.Error("it forgot the wrong host")
		}
	})
}

// TestReadSamplesNeverChange, even if more are added.
func TestReadSamplesNeverChange(t *testing.T) {
	t.Parallel()
	r := NewRings(2)
	r.host(1, host.Sample{Time: 1})
	r.host(1, host.Sample{Time: 2})
	got := r.Host(1)
	want := slices.Clone(got)
	r.host(1, host.Sample{Time: 3})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what was read changed:\n%s", diff)
	}
}

func TestRatesAfterACounterReset(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		more, seconds int64
		want          float64
	}{{100, 10, 10}, {0, 10, 0}, {-5, 10, 0}, {100, 0, 0}, {100, -1, 0}} {
		if got := perSecond(c.more, c.seconds); got != c.want {
			t.Errorf("%d in %d seconds are %v per second, want %v", c.more, c.seconds, got, c.want)
		}
	}
}
