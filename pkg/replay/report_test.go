package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/xsd"
)

var update = flag.Bool("update", false, "rewrite testdata/*.golden")

func playHandler(t *testing.T, steps []Step, h http.Handler) Report {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	played := list(steps)
	report, err := Run(t.Context(), Options{Scenario: &played, Endpoint: s.URL, PollEvery: time.Millisecond, WaitTimeout: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// wrong answers the small scenario with one mistake of each kind.
func wrong(s Step) (int, string) {
	status, body := verbatim(s)
	switch s.Name {
	case "http-get":
		status = http.StatusNotFound
	case "vm-info":
		body = strings.Replace(body, "tea", "coffee", 1)
	case "vm-info-missing":
		body = strings.Replace(body, "Error getting", "No such", 1)
	case "vm-allocate":
		body = strings.Replace(body, "<i4>0</i4>", "<i4>1</i4>", 1)
	}
	return status, body
}

// command runs the command line and answers its output.
func command(t *testing.T, change func(Step) (int, string), args ...string) (string, error) {
	t.Helper()
	small := filepath.Join("testdata", "small.jsonl")
	cmd := Command()
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetContext(t.Context())
	cmd.SetArgs(append([]string{small, "--poll-every", "1ms", "--endpoint", serve(t, readSteps(t, small), change)}, args...))
	err := cmd.Execute()
	return out.String(), err
}

func TestReportReads(t *testing.T) {
	t.Parallel()
	out, err := command(t, wrong, "--show", "5", "--allow", filepath.Join("testdata", "allow.txt"))
	if !errors.Is(err, ErrDiffers) {
		t.Errorf("error %v, want %v", err, ErrDiffers)
	}
	golden := filepath.Join("testdata", "report.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(out), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestCommandSucceeds(t *testing.T) {
	t.Parallel()
	out, err := command(t, verbatim)
	if want := "9 steps: 6 of 6 compared answers are equal, 0 differences are allowed, 0 are not\n"; err != nil || !strings.HasSuffix(out, want) {
		t.Errorf("error %v, output\n%s\nwant the last line %s", err, out, want)
	}
}

func TestCommandOnlyAsJSON(t *testing.T) {
	t.Parallel()
	out, err := command(t, wrong, "--json", "--only", `^one\.vm\.info$`)
	if !errors.Is(err, ErrDiffers) {
		t.Errorf("error %v, want %v", err, ErrDiffers)
	}
	var report Report
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	var got []Class
	for _, r := range report.Results {
		got = append(got, r.Class)
	}
	if diff := cmp.Diff([]Class{Body, Withheld, ErrorText}, got); diff != "" {
		t.Errorf("classes (-want +got):\n%s", diff)
	}
}

func TestCommandRefusesBadFlags(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--only", "("},
		{"--mask", "("},
		{"--set", "ONE"},
		{"--set", "one=/x"},
		{"--allow", "none.txt"},
		{"--xsd", "none"},
		{"--endpoint", "nowhere"},
	} {
		if out, err := command(t, verbatim, args...); err == nil || errors.Is(err, ErrDiffers) || out != "" {
			t.Errorf("%v: error %v and output %q, want only an error about the flag", args, err, out)
		}
	}
}

func TestReadAllow(t *testing.T) {
	t.Parallel()
	got, err := ReadAllow(strings.NewReader("# known\n\n5 the name is free\nvm-allocate  ids begin at 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Allow{"5": "the name is free", "vm-allocate": "ids begin at 1"}, got); diff != "" {
		t.Errorf("allow-list (-want +got):\n%s", diff)
	}
	for _, text := range []string{"5", "5 a\n5 b"} {
		if _, err := ReadAllow(strings.NewReader(text)); err == nil {
			t.Errorf("ReadAllow(%q) succeeded", text)
		}
	}
}

// TestFailingActions looks into the folder during the steps that have to fail.
func TestFailingActions(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "actions")
	names := map[string]string{}
	steps := []Step{call(t, 1, "one.vm.deploy"), call(t, 2, "one.vm.info")}
	steps[0].Name = "fail-deploy"
	report := play(t, steps, func(s Step) (int, string) {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Error(err)
		}
		for _, f := range files {
			names[s.Name] += filepath.Base(f)
		}
		return verbatim(s)
	}, Options{Set: map[string]string{dummyActions: dir}})
	if diff := cmp.Diff(map[string]string{"fail-deploy": "deploy"}, names); diff != "" {
		t.Errorf("failing actions at each step (-want +got):\n%s", diff)
	}
	if len(report.Notes) > 0 {
		t.Errorf("notes %v, want none", report.Notes)
	}
	if report := play(t, steps, verbatim, Options{}); len(report.Notes) != 1 {
		t.Errorf("notes %v where the folder is not known, want one", report.Notes)
	}
}

// TestSchemas makes sure that withheld answers are validated, too, and that answers are
// validated before masking.
func TestSchemas(t *testing.T) {
	t.Parallel()
	set, err := xsd.Load(filepath.Join("..", "xsd", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	leaf := func(text string) string {
		return response("<boolean>1</boolean>", "<string>&lt;LEAF>"+text+"&lt;/LEAF></string>", "<i4>0</i4>")
	}
	steps := []Step{call(t, 1, "one.tea.withheld"), call(t, 2, "one.tea.masked")}
	steps[1].Answer = leaf("3")
	report := play(t, steps, func(s Step) (int, string) {
		if s.Withheld() {
			return http.StatusOK, leaf("x")
		}
		return http.StatusOK, leaf("4")
	}, Options{Schemas: set, Mask: regexp.MustCompile("LEAF"), Only: regexp.MustCompile("tea")})
	got := [][]string{report.Results[0].Schema, report.Results[1].Schema}
	if diff := cmp.Diff([][]string{{`/LEAF: "x" is no integer`}, nil}, got); diff != "" {
		t.Errorf("schema problems (-want +got):\n%s", diff)
	}
	if class := report.Results[1].Class; class != Equal {
		t.Errorf("masked leaf: %s, want %s", class, Equal)
	}
}
