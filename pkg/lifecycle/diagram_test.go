package lifecycle

import (
	"strings"
	"testing"
)

// TestDiagramDrawsTheTable: every arrow is in the table and is drawn once, and the diagram
// stays small enough to be read.
func TestDiagramDrawsTheTable(t *testing.T) {
	t.Parallel()
	drawn := map[arrow]bool{}
	for _, w := range mainArrows {
		if !Can(w.from, w.ev) {
			t.Errorf("%s %s is drawn but refused", w.from.Full(), w.ev)
		}
		if drawn[w] {
			t.Errorf("%s %s is drawn twice", w.from.Full(), w.ev)
		}
		drawn[w] = true
	}
	text := Diagram()
	for _, want := range []string{
		"    PENDING --> PROLOG: deploy / prolog\n",
		"    RUNNING --> SHUTDOWN: terminate / shutdown\n",
		"    EPILOG --> DONE: ok\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the diagram lacks %q:\n%s", want, text)
		}
	}
	if lines := strings.Count(text, "\n"); lines > 50 {
		t.Errorf("the diagram has %d lines, want at most 50", lines)
	}
}
