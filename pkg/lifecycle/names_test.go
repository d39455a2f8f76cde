package lifecycle

import (
	"fmt"
	"math/bits"
	"strings"
	"testing"
)

// TestNamesAreDistinct: every event, effect, mark and detail has a name of its own.
func TestNamesAreDistinct(t *testing.T) {
	t.Parallel()
	var effects []fmt.Stringer
	for e := range effectCount {
		effects = append(effects, e)
	}
	var events []fmt.Stringer
	for _, e := range Events() {
		events = append(events, e)
	}
	var marks []fmt.Stringer
	for n := range bits.Len32(uint32(LeftBehind)) {
		marks = append(marks, Marks(1)<<n)
	}
	var details []fmt.Stringer
	for d := Plain + 1; d <= Cancelling; d++ {
		details = append(details, d)
	}
	for kind, list := range map[string][]fmt.Stringer{"events": events, "effects": effects, "marks": marks, "details": details} {
		seen := map[string]bool{}
		for n, item := range list {
			name := item.String()
			if name == "" || strings.ContainsAny(name, "0123456789") || seen[name] {
				t.Errorf("%s %d has the name %q", kind, n, name)
			}
			seen[name] = true
		}
	}
}

func TestEffectsAreReadBack(t *testing.T) {
	t.Parallel()
	for e := range effectCount {
		if back, ok := ParseEffect(e.String()); !ok || back != e {
			t.Errorf("ParseEffect(%q) = %s, %t", e.String(), back, ok)
		}
	}
	if e, ok := ParseEffect("fly"); ok || e != DoNone {
		t.Errorf("ParseEffect(fly) = %s, %t; want none, false", e, ok)
	}
}

func TestNumbersWithoutAName(t *testing.T) {
	t.Parallel()
	if got := Event(250).String(); got != "250" {
		t.Errorf("Event(250) is called %q", got)
	}
	if Effect(250).Runs() || DoKeep.Runs() || !DoProlog.Runs() {
		t.Error("Runs is wrong for DoNone, DoKeep, DoAgain or a real effect")
	}
	if got := (OpenRecord | LeftBehind).String(); got != "open-record+left-behind" {
		t.Errorf("two marks are called %q", got)
	}
}
