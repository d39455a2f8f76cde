package main

import (
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// said matches what the testing package prints before a test's message.
var said = regexp.MustCompile(`^\s*\S+\.go:\d+: `)

// reason is the last message of a skipped test, on one line.
func reason(output []string) string {
	for i, line := range slices.Backward(output) {
		if said.MatchString(line) {
			text := said.ReplaceAllString(line, "") + strings.Join(continued(output[i+1:]), "")
			return strings.Join(strings.Fields(text), " ")
		}
	}
	return "no reason given"
}

// continued are further lines of a message, which the testing package indents.
func continued(output []string) []string {
	end := slices.IndexFunc(output, func(line string) bool { return !strings.HasPrefix(line, "        ") })
	if end < 0 {
		return output
	}
	return output[:end]
}

// shown is how many tests with the same reason are named.
const shown = 3

func (s *summary) tell(out io.Writer) {
	if len(s.skips) > 0 {
		fmt.Fprintln(out, "\nNot run, and why:")
	}
	for _, why := range slices.Sorted(maps.Keys(s.skips)) {
		tests := s.skips[why]
		fmt.Fprintf(out, "  %s\n", why)
		for _, t := range tests[:min(shown, len(tests))] {
			fmt.Fprintf(out, "    %s\n", t)
		}
		if more := len(tests) - shown; more > 0 {
			fmt.Fprintf(out, "    and %d more\n", more)
		}
	}
	if len(s.failures) > 0 {
		fmt.Fprintf(out, "\nFailed:\n  %s\n", strings.Join(s.failures, "\n  "))
	}
	fmt.Fprintf(out, "\n%d passed, %d failed, %d skipped\n", s.passed, len(s.failures), s.skipped)
}
