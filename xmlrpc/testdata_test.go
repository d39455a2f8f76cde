package xmlrpc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestTranscripts sends the request of each file in testdata/rpc and compares status and
// response byte for byte, except for line ends, which are CRLF on the wire and LF in the files.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/rpc/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			transcript(t, "http://"+start(t, &Server{Registry: demo(t)}), file)
		})
	}
}

// A transcript file has the request line as its comment, and the parts request and reply, which
// starts with the status.
func transcript(t *testing.T, url, file string) {
	a, err := txtar.ParseFile(file)
	if err != nil || len(a.Files) != 2 {
		t.Fatalf("%d parts, want request and reply; %v", len(a.Files), err)
	}
	method, path, ok := strings.Cut(strings.TrimSpace(string(a.Comment)), " ")
	if !ok {
		t.Fatalf("the comment is %q, want a method and a path", a.Comment)
	}
	got := exchangeText(t, method, url+path, a.Files[0].Data)
	if *update {
		a.Files[1].Data = got
		if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(a.Files[1].Data), string(got)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// exchangeText sends a request and returns the status and body of the response, with LF as line
// ends.
func exchangeText(t *testing.T, method, url string, body []byte) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client(t).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var reply bytes.Buffer
	if _, err := reply.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	lines := bytes.ReplaceAll(reply.Bytes(), []byte("\r\n"), []byte("\n"))
	if resp.StatusCode == http.StatusOK && bytes.Count(reply.Bytes(), []byte("\r\n")) != bytes.Count(lines, []byte("\n")) {
		t.Errorf("not every line of the reply ends in CRLF")
	}
	return fmt.Appendf(nil, "%s\n%s\n", resp.Status, bytes.TrimSuffix(lines, []byte("\n")))
}

// recordings are exchanges with a real oned, if the development tree has them.
const recordings = "../../shared/golden/one-7.jsonl"

// step is a recorded exchange; only HTTP requests are used here.
type step struct {
	N        int
	Name     string
	Request  string
	Status   string
	Response *string
}

// TestRecordings compares with a real oned, as far as that depends only on this package.
func TestRecordings(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(recordings)
	if err != nil {
		t.Skipf("skipped: no recordings of oned beside this tree: %v", err)
	}
	paths := map[string]string{"http-get": "GET /RPC2", "http-put": "PUT /RPC2", "http-post-root": "POST /", "http-post-otherpath": "POST /nothere", "http-post-RPC2-query": "POST /RPC2?a=b"}
	others := map[string]bool{ // depend on other packages
		"rpc-listMethods": true, "rpc-multicall": true, "args-optional-missing": true, "args-too-many": true, "args-cdata-session": true,
	}
	url := "http://" + start(t, &Server{Registry: demo(t)})
	compared := 0
	for line := range bytes.Lines(data) {
		var s step
		if err := json.Unmarshal(line, &s); err != nil {
			t.Fatal(err)
		}
		if s.N > 57 {
			break
		}
		if s.Response == nil || others[s.Name] || strings.HasPrefix(s.Name, "sock-") {
			continue
		}
		method, path, _ := strings.Cut(orPost(paths[s.Name]), " ")
		got := exchangeText(t, method, url+path, []byte(s.Request))
		want := strings.TrimPrefix(s.Status, "HTTP ") + "\n" + strings.TrimSuffix(*s.Response, "\n") + "\n"
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("step %d, %s: -want +got\n%s", s.N, s.Name, diff)
		}
		compared++
	}
	if compared < 30 {
		t.Errorf("compared %d steps only", compared)
	}
}

func orPost(line string) string {
	if line == "" {
		return "POST /RPC2"
	}
	return line
}
