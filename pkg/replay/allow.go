package replay

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Allow lists known differences: step number or name → reason.
type Allow map[string]string

// ReadAllow parses an allow-list: each line has a step's number or name, and the reason why its
// answer may differ. Empty lines and lines that begin with # are ignored; an entry without a
// reason, or a duplicate, is an error.
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

// has tells whether a step's answer may differ.
func (a Allow) has(s Step) bool {
	_, reason := a.reason(Result{N: s.N, Name: s.Name})
	return reason != ""
}

// reason answers why a step's answer may differ, and the entry with that reason.
func (a Allow) reason(r Result) (entry, reason string) {
	for _, entry := range []string{fmt.Sprint(r.N), r.Name} {
		if reason, ok := a[entry]; ok {
			return entry, reason
		}
	}
	return "", ""
}
