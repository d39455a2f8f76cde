package lifecycle

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite testdata from the table")

const goldenFile = "testdata/steps.golden"

// TestTableIsGolden compares the table with the golden file, for every status and event.
// A pair that the file lacks has to be refused.
func TestTableIsGolden(t *testing.T) {
	t.Parallel()
	got := printTable(t)
	if *update {
		if err := os.WriteFile(goldenFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("table differs from %s; if the change is intended, go test -update (-want +got):\n%s", goldenFile, diff)
	}
}

func printTable(t *testing.T) string {
	var b strings.Builder
	for _, from := range Statuses() {
		fmt.Fprintf(&b, "%d/%d %s\n", from.State, from.LCM, from.Full())
		for _, ev := range Events() {
			step, err := Next(from, ev)
			if err != nil {
				wantRefused(t, from, ev, step, err)
				continue
			}
			line := fmt.Sprintf("    %-21s → %-34s %-26s %s", ev, step.To.Full(), step.Do, step.Marks)
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	return b.String()
}

func wantRefused(t *testing.T, from Status, ev Event, step Step, err error) {
	t.Helper()
	var refused *Refused
	if !errors.As(err, &refused) || *refused != (Refused{from, ev}) {
		t.Errorf("Next(%s, %s) = error %v, want a *Refused with both", from.Full(), ev, err)
	}
	if step != (Step{To: from, Do: DoKeep}) {
		t.Errorf("Next(%s, %s) is refused, but also a step to %s, %s", from.Full(), ev, step.To.Full(), step.Do)
	}
	if Can(from, ev) {
		t.Errorf("Can(%s, %s) is true for a refused pair", from.Full(), ev)
	}
}
