package replay

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Allow lists the differences that are known: step number or name → reason.
type Allow map[string]string

// ReadAllow reads an allow-list: on each line a step's number or name, then the
// reason why it may differ. Empty lines and lines that begin with # are passed
// over; an entry without a reason, or twice there, is an error.
func ReadAllow(r io.Reader) (Allow, error) {
	allow := Allow{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		step, reason, _ := strings.Cut(text, " ")
		if strings.TrimSpace(reason) == "" {
			return nil, fmt.Errorf("allow-list line %d: %q has no reason: write STEP REASON", n, step)
		}
		if _, ok := allow[step]; ok {
			return nil, fmt.Errorf("allow-list line %d: %q is listed twice", n, step)
		}
		allow[step] = strings.TrimSpace(reason)
	}
	return allow, lines.Err()
}

// has tells whether a step may differ.
func (a Allow) has(s Step) bool {
	_, reason := a.reason(Result{N: s.N, Name: s.Name})
	return reason != ""
}

// reason answers why a step may differ, and the entry that says so.
func (a Allow) reason(r Result) (entry, reason string) {
	for _, entry := range []string{fmt.Sprint(r.N), r.Name} {
		if reason, ok := a[entry]; ok {
			return entry, reason
		}
	}
	return "", ""
}
