package replay

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// golden is the folder of recordings of a real oned.
var golden = filepath.Join("..", "..", "..", "shared", "golden")

// readSteps reads a whole scenario, or skips the test if there is none.
func readSteps(t *testing.T, name string) []Step {
	t.Helper()
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("skipped the recorded scenario: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return drain(t, Open(f))
}

func drain(t *testing.T, sc Scenario) []Step {
	t.Helper()
	var steps []Step
	for {
		s, err := sc.Next()
		if errors.Is(err, io.EOF) {
			return steps
		}
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, s)
	}
}

// list is a scenario in memory.
type list []Step

func (l *list) Next() (Step, error) {
	if len(*l) == 0 {
		return Step{}, io.EOF
	}
	s := (*l)[0]
	*l = (*l)[1:]
	return s, nil
}

// play plays steps against a server that answers as change says.
func play(t *testing.T, steps []Step, change func(Step) (int, string), o Options) Report {
	t.Helper()
	played := list(steps)
	o.Scenario, o.Endpoint = &played, serve(t, steps, change)
	o.PollEvery, o.WaitTimeout = time.Millisecond, 100*time.Millisecond
	report, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestVerbatimIsEqual(t *testing.T) {
	t.Parallel()
	for _, name := range []string{filepath.Join("testdata", "small.jsonl"), filepath.Join(golden, "one-7.jsonl")} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			steps := readSteps(t, name)
			report := play(t, steps, verbatim, Options{})
			for _, r := range report.Results {
				if r.Class.Differs() {
					t.Errorf("step %d %s: %s: %s", r.N, r.Name, r.Class, r.Detail)
				}
			}
			counts := report.Methods[len(report.Methods)-1].Counts
			if len(report.Results) != len(steps) || counts[Equal] == 0 || counts[Waited] == 0 || counts[Withheld] == 0 {
				t.Errorf("%d of %d steps reported: %v", len(report.Results), len(steps), counts)
			}
			t.Logf("%d steps: %v", len(steps), counts)
		})
	}
}

// TestMutationsAreCaught applies each mutation to every recorded answer that it can change, and
// checks the class.
func TestMutationsAreCaught(t *testing.T) {
	t.Parallel()
	steps := slices.DeleteFunc(readSteps(t, filepath.Join(golden, "one-7.jsonl")), func(s Step) bool {
		return s.Wait != nil || s.Withheld()
	})
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			mutated := map[int]bool{}
			report := play(t, steps, func(s Step) (int, string) {
				status, body := verbatim(s)
				newStatus, newBody := m.change(status, body)
				mutated[s.N] = newStatus != status || newBody != body
				return newStatus, newBody
			}, Options{})
			caught := 0
			for _, r := range report.Results {
				if !mutated[r.N] {
					continue
				}
				caught++
				if r.Class != m.want {
					t.Errorf("step %d %s: %s (%s), want %s", r.N, r.Name, r.Class, r.Detail, m.want)
				}
			}
			if caught < 5 {
				t.Errorf("only %d answers were mutated", caught)
			}
			t.Logf("%d answers mutated", caught)
		})
	}
}

var mutations = []struct {
	name   string
	want   Class
	change func(status int, body string) (int, string)
}{
	{"status", Status, func(status int, body string) (int, string) {
		if status == http.StatusOK {
			return http.StatusServiceUnavailable, body
		}
		return http.StatusOK, body
	}},
	{"truncated", Broken, onXMLRPC(func(body string) string { return body[:len(body)/2] })},
	{"error text", ErrorText, onRefusal(func(body string) string {
		return strings.Replace(body, "</string>", "!</string>", 1)
	})},
	{"error code", ErrorCode, onRefusal(func(body string) string {
		return strings.Replace(body, "<value><i4>", "<value><i4>7", 1)
	})},
	{"refused where it succeeded", ErrorCode, onXMLRPC(func(body string) string {
		if !strings.Contains(body, "<boolean>1</boolean>") || strings.Contains(body, "<struct>") {
			return body
		}
		return response("<boolean>0</boolean>", "<string>no</string>", "<i4>512</i4>", "<i4>-1</i4>", "<i8>-1</i8>")
	})},
	{"fault where it succeeded", ErrorCode, onXMLRPC(func(body string) string {
		if strings.Contains(body, "<fault>") {
			return body
		}
		return "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>-500</int></value></member>" +
			"<member><name>faultString</name><value>no</value></member></struct></value></fault></methodResponse>"
	})},
	{"element renamed", Body, onXMLRPC(func(body string) string {
		return strings.NewReplacer("&lt;NAME&gt;", "&lt;NOME&gt;", "&lt;/NAME&gt;", "&lt;/NOME&gt;").Replace(body)
	})},
	{"element missing", Body, onXMLRPC(func(body string) string {
		i, j := strings.Index(body, "&lt;NAME&gt;"), strings.Index(body, "&lt;/NAME&gt;")
		if i < 0 {
			return body
		}
		return body[:i] + body[j+len("&lt;/NAME&gt;"):]
	})},
	{"number as text", Body, onXMLRPC(func(body string) string {
		if !strings.Contains(body, "<boolean>1</boolean>") || strings.Contains(body, "<struct>") {
			return body
		}
		i := strings.LastIndex(body, "<i4>0</i4>")
		if i < 0 {
			return body
		}
		return body[:i] + "<string>0</string>" + body[i+len("<i4>0</i4>"):]
	})},
	{"order", Order, onXMLRPC(func(body string) string { // swaps NAME and ID, if both are in the same row
		const id, gid = "&lt;UID&gt;0&lt;/UID&gt;", "&lt;GID&gt;0&lt;/GID&gt;"
		return strings.ReplaceAll(body, id+gid, gid+id)
	})},
	{"time that was set is unset", Body, onXMLRPC(func(body string) string {
		i := strings.Index(body, "&lt;STIME&gt;1")
		if i < 0 {
			return body
		}
		j := i + strings.Index(body[i:], "&lt;/STIME")
		return body[:i] + "&lt;STIME&gt;0" + body[j:]
	})},
}

// onXMLRPC mutates only XML-RPC answers.
func onXMLRPC(change func(string) string) func(int, string) (int, string) {
	return func(status int, body string) (int, string) {
		if !strings.Contains(body, "<methodResponse>") {
			return status, body
		}
		return status, change(body)
	}
}

// onRefusal mutates only refusals, [false, text, code, …].
func onRefusal(change func(string) string) func(int, string) (int, string) {
	return onXMLRPC(func(body string) string {
		if !strings.Contains(body, "<array><data>\n<value><boolean>0</boolean>") {
			return body
		}
		return change(body)
	})
}

func TestBounds(t *testing.T) {
	t.Parallel()
	steps := readSteps(t, filepath.Join("testdata", "small.jsonl"))
	var n []int
	for _, r := range play(t, steps[1:3], verbatim, Options{From: 2, To: 3}).Results {
		n = append(n, r.N)
	}
	if diff := cmp.Diff([]int{2, 3}, n); diff != "" {
		t.Errorf("steps played (-want +got):\n%s", diff)
	}
}

func TestRunRefusesBadOptions(t *testing.T) {
	t.Parallel()
	if _, err := Run(t.Context(), Options{Endpoint: "http://127.0.0.1:1/RPC2"}); err == nil {
		t.Error("Run without a scenario succeeded")
	}
	if _, err := Run(t.Context(), Options{Scenario: &list{}, Endpoint: "nowhere"}); err == nil {
		t.Error("Run with the endpoint \"nowhere\" succeeded")
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	steps := list(readSteps(t, filepath.Join("testdata", "small.jsonl")))
	report, err := Run(ctx, Options{Scenario: &steps, Endpoint: "http://127.0.0.1:1/RPC2"})
	if !errors.Is(err, context.Canceled) || len(report.Results) != 0 {
		t.Errorf("Run after cancel: %v, %d results", err, len(report.Results))
	}
}

// TestNobodyThere: an endpoint that does not answer is not a success.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	steps := list(readSteps(t, filepath.Join("testdata", "small.jsonl")))
	report, err := Run(t.Context(), Options{Scenario: &steps, Endpoint: "http://127.0.0.1:1/RPC2", WaitTimeout: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if n := report.Differences(); n != len(report.Results) || n == 0 {
		t.Errorf("%d of %d steps differ where nobody answers, want all", n, len(report.Results))
	}
}
