package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTellPercentiles(t *testing.T) {
	t.Parallel()
	var all []BootTimes
	for i := range 100 {
		all = append(all, BootTimes{Whole: time.Duration(i+1) * time.Millisecond, Hand: HandTimes{Start: time.Millisecond / 2}})
	}
	var out strings.Builder
	Boot{}.Tell(&out, all)
	for _, want := range []string{"100 VMs", "whole", "1ms", "51ms", "100ms"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("table lacks %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "hand") || strings.Contains(out.String(), "copy") {
		t.Errorf("the table tells what was not measured:\n%s", out.String())
	}
	if got, want := More(all), 51*time.Millisecond-time.Millisecond/2; got != want {
		t.Errorf("More = %v, want %v", got, want)
	}
}

func TestTellByHand(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	Boot{Hand: &Hand{}, Log: "log"}.Tell(&out, []BootTimes{{
		Copied: 20 * time.Millisecond, Prepared: 50 * time.Millisecond, Whole: 3 * time.Second,
		Hand: HandTimes{Disks: 10 * time.Millisecond, Start: 490 * time.Millisecond, Up: 2 * time.Second},
	}})
	for _, want := range []string{"copy          20ms", "all but the copy         30ms", "by hand: whole   2.5s", "more than by hand  500ms"} {
		if !strings.Contains(squeezed(out.String()), squeezed(want)) {
			t.Errorf("table lacks %q:\n%s", want, out.String())
		}
	}
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestCopiedSumsTheDisksOfOneVM(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "log")
	text := `not JSON, "disk brought"
{"vm":7,"disk":"0","dur":12.5,"message":"disk brought"}
{"vm":8,"disk":"0","dur":99,"message":"disk brought"}
{"vm":7,"disk":"1","dur":7.5,"message":"disk brought"}
{"vm":7,"dur":1000,"message":"effect"}
`
	if err := os.WriteFile(log, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := copied(log, 7); err != nil || got != 20*time.Millisecond {
		t.Errorf("copied = %v, %v; want 20ms", got, err)
	}
	if got, err := copied(log, 9); err == nil {
		t.Errorf("copied of a VM that the log does not tell of = %v and no error", got)
	}
}

func TestRoughKeepsFourDigits(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]time.Duration{
		"1.235s": 1234567 * time.Microsecond, "234.6ms": 234567890, "12.35ms": 12345678, "1.235ms": 1234567,
		"123.5µs": 123456, "12.3µs": 12345, "-500ms": -500 * time.Millisecond, "0s": 0,
	} {
		if got := rough(d); got != want {
			t.Errorf("rough(%d) = %s, want %s", d, got, want)
		}
	}
}
