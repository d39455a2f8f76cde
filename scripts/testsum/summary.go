package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is a line of go test -json. Without a Test it is about the package.
type event struct {
	Action, Package, Test, Output string
}

// test is a test of a package, or without a name, the package.
type test struct{ pkg, name string }

func (t test) String() string { return strings.TrimSpace(t.pkg + " " + t.name) }

// summary is the result of all events.
type summary struct {
	passed, skipped int
	failures        []string
	skips           map[string][]string // skipped tests, by reason
	output          map[test][]string   // of tests that have not ended yet
	broken          map[string]bool     // packages with failed tests
}

func newSummary() *summary {
	return &summary{skips: map[string][]string{}, output: map[test][]string{}, broken: map[string]bool{}}
}

// longestLine is the longest line that a test may print.
const longestLine = 64 << 20

// read reads the events, and prints a line for each package and the output of failed tests.
func (s *summary) read(r io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text())
			continue
		}
		s.add(e, out)
	}
	return lines.Err()
}

func (s *summary) add(e event, out io.Writer) {
	t := test{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Fprint(out, e.Output)
	case "output":
		s.output[t] = append(s.output[t], e.Output)
	case "pass":
		s.pass(t, out)
	case "fail":
		s.fail(t, out)
	case "skip":
		s.skip(t)
	}
}

func (s *summary) pass(t test, out io.Writer) {
	said := s.take(t)
	if t.name != "" {
		s.passed++
	} else if len(said) > 0 {
		fmt.Fprint(out, said[len(said)-1])
	}
}

// fail counts a package only if none of its tests has failed: then it was not built, or ended
// before its tests did. Their output may tell why.
func (s *summary) fail(t test, out io.Writer) {
	if t.name == "" {
		for _, left := range s.unended(t.pkg) {
			fmt.Fprint(out, strings.Join(s.take(left), ""))
		}
	}
	fmt.Fprint(out, strings.Join(s.take(t), ""))
	if t.name != "" || !s.broken[t.pkg] {
		s.failures = append(s.failures, t.String())
	}
	s.broken[t.pkg] = true
}

// skip ignores packages, which are skipped if they have no tests.
func (s *summary) skip(t test) {
	said := s.take(t)
	if t.name == "" {
		return
	}
	s.skipped++
	why := reason(said)
	s.skips[why] = append(s.skips[why], t.String())
}

func (s *summary) take(t test) []string {
	said := s.output[t]
	delete(s.output, t)
	return said
}

// unended lists the tests of a package with output that have not ended.
func (s *summary) unended(pkg string) (list []test) {
	for t := range s.output {
		if t.pkg == pkg && t.name != "" {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b test) int { return strings.Compare(a.name, b.name) })
	return list
}
