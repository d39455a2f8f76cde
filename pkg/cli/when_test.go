package cli

import (
	"testing"
	"time"
)

// TestTimesAreRead parses times as users type them; missing parts are those of today.
func TestTimesAreRead(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("here", 2*60*60)
	now := time.Date(2026, time.November, 23, 12, 30, 15, 0, zone)
	for text, want := range map[string]string{
		"2026-12-24":                "2026-12-24T00:00:00+02:00",
		"2026-12-24 10:05":          "2026-12-24T10:05:00+02:00",
		"2026/12/24 10:05:06":       "2026-12-24T10:05:06+02:00",
		"2026-12-24T10:05:06Z":      "2026-12-24T10:05:06Z",
		"2026-12-24 10:05 +0100":    "2026-12-24T10:05:00+01:00",
		"12/24 14:15":               "2026-12-24T14:15:00+02:00",
		"09/23":                     "2026-09-23T00:00:00+02:00",
		"24/12/2026":                "2026-12-24T00:00:00+02:00",
		" 14:15 ":                   "2026-11-23T14:15:00+02:00",
		"24 Dec 2026":               "2026-12-24T00:00:00+02:00",
		"2026-12":                   "2026-12-01T00:00:00+02:00",
		"Thu Dec 24 10:05:06 2026":  "2026-12-24T10:05:06+02:00",
		"20261224":                  "2026-12-24T00:00:00+02:00",
		"2026-12-24 10:05:06 -0300": "2026-12-24T10:05:06-03:00",
	} {
		got, err := parseWhen(text, now)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%q is %s, %v; want %s", text, got.Format(time.RFC3339), err, want)
		}
	}
	for _, text := range []string{"", "soon", "12/24/2026", "2026-13-01", "25:00", "1798761600"} {
		if got, err := parseWhen(text, now); err == nil {
			t.Errorf("%q is no time, but was read as %s", text, got)
		}
	}
}
