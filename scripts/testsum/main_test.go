package main

import (
	"strings"
	"testing"
)

func TestSummaryNamesWhatFailedAndWhatWasSkipped(t *testing.T) {
	t.Parallel()
	events := strings.Join([]string{
		`{"Action":"pass","Package":"p","Test":"TestA"}`,
		`{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:1: needs a guest\n"}`,
		`{"Action":"output","Package":"p","Test":"TestB","Output":"--- SKIP: TestB (0.00s)\n"}`,
		`{"Action":"skip","Package":"p","Test":"TestB"}`,
		`{"Action":"output","Package":"p","Test":"TestC","Output":"boom\n"}`,
		`{"Action":"fail","Package":"p","Test":"TestC"}`,
		`{"Action":"fail","Package":"p"}`,
	}, "\n")
	var s summary
	var out strings.Builder
	s.read(strings.NewReader(events), &out)
	s.tell(&out)
	for _, want := range []string{"boom", "p TestB: b_test.go:1: needs a guest", "Failed:\n  p TestC", "1 passed, 1 failed, 1 skipped"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("summary does not say %q:\n%s", want, out.String())
		}
	}
}
