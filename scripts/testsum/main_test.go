package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSummary: the output for events as go test -json prints them.
func TestSummary(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ events, want string }{
		"all passed": {
			`{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"PASS\n"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}`,
			"ok  \tp\t0.1s\n\n1 passed, 0 failed, 0 skipped\n",
		},
		"skipped, one reason on two lines": {
			`{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:12: no tmpfs:\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"        not root\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"--- SKIP: TestA (0.00s)\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"skip","Package":"without-tests"}`,
			"\nNot run, and why:\n  no tmpfs: not root\n    p TestA\n\n0 passed, 0 failed, 1 skipped\n",
		},
		"failed test: counted once, its package is not": {
			`{"Action":"output","Package":"p","Test":"TestA","Output":"boom\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"FAIL\n"}
{"Action":"fail","Package":"p"}`,
			"boom\nFAIL\n\nFailed:\n  p TestA\n\n0 passed, 1 failed, 0 skipped\n",
		},
		"package that does not build": {
			`{"ImportPath":"p","Action":"build-output","Output":"undefined: x\n"}
{"ImportPath":"p","Action":"build-fail"}
{"Action":"output","Package":"p","Output":"FAIL\tp [build failed]\n"}
{"Action":"fail","Package":"p","FailedBuild":"p"}`,
			"undefined: x\nFAIL\tp [build failed]\n\nFailed:\n  p\n\n0 passed, 1 failed, 0 skipped\n",
		},
		"test that never ended: its words are shown": {
			`{"Action":"output","Package":"p","Test":"TestSlow","Output":"waiting\n"}
{"Action":"output","Package":"p","Output":"panic: test timed out\n"}
{"Action":"fail","Package":"p"}`,
			"waiting\npanic: test timed out\n\nFailed:\n  p\n\n0 passed, 1 failed, 0 skipped\n",
		},
		"what is no event is passed on": {"go: warning", "go: warning\n\n0 passed, 0 failed, 0 skipped\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, out := newSummary(), &strings.Builder{}
			if err := s.read(strings.NewReader(c.events), out); err != nil {
				t.Fatal(err)
			}
			s.tell(out)
			if d := cmp.Diff(c.want, out.String()); d != "" {
				t.Errorf("summary (-want +got):\n%s", d)
			}
		})
	}
}

// TestManySkipsForOneReason: many tests with the same reason are summarized.
func TestManySkipsForOneReason(t *testing.T) {
	t.Parallel()
	s, out := newSummary(), &strings.Builder{}
	for _, name := range []string{"A", "B", "C", "D", "E"} {
		s.add(event{Action: "output", Package: "p", Test: name, Output: "    x_test.go:1: no qemu\n"}, out)
		s.add(event{Action: "skip", Package: "p", Test: name}, out)
	}
	s.tell(out)
	want := "\nNot run, and why:\n  no qemu\n    p A\n    p B\n    p C\n    and 2 more\n\n0 passed, 0 failed, 5 skipped\n"
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("summary (-want +got):\n%s", d)
	}
}

// TestStatusIsThatOfGoTest: a pattern that matches no package fails.
func TestStatusIsThatOfGoTest(t *testing.T) {
	t.Parallel()
	var out, errs strings.Builder
	if status := run([]string{"./no/such/package"}, &out, &errs); status == 0 {
		t.Errorf("status 0 for a package that does not exist:\n%s%s", out.String(), errs.String())
	}
}
