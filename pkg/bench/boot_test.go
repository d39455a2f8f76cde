package bench

import (
	"strings"
	"testing"
	"time"
)

func TestTellPercentiles(t *testing.T) {
	t.Parallel()
	var all []BootTimes
	for i := range 100 {
		all = append(all, BootTimes{Whole: time.Duration(i+1) * time.Millisecond})
	}
	var out strings.Builder
	Tell(&out, all)
	for _, want := range []string{"100 VMs", "whole", "1ms", "51ms", "100ms"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("table lacks %q:\n%s", want, out.String())
		}
	}
	out.Reset()
	Tell(&out, nil)
	if !strings.Contains(out.String(), "-") {
		t.Errorf("empty table:\n%s", out.String())
	}
}
