package replay

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOpenFormats(t *testing.T) {
	t.Parallel()
	steps := drain(t, Open(strings.NewReader(`{"n":7,"name":"a","request":"<methodName>one.vm.info</methodName>","status":"HTTP 200 OK","response":"x"}

{"n":8,"name":"w","wait":{"STATE":"1"}}
{"n":9,"name":"b","request":"","response":null}
{"method":"rvpe.host.enable","case":"ok","params":["s<:",1,false],"result":[true]}
`)))
	want := []Step{
		{N: 7, Name: "a", Method: "one.vm.info", Request: "<methodName>one.vm.info</methodName>", Status: "HTTP 200 OK", Answer: "x"},
		{N: 8, Name: "w", Wait: map[string]string{"STATE": "1"}},
		{N: 9, Name: "b"},
		{
			N: 5, Name: "rvpe.host.enable:ok", Method: "rvpe.host.enable", Result: []any{true},
			Request: "<?xml version=\"1.0\"?>\n<methodCall>\n<methodName>rvpe.host.enable</methodName>\n<params>\n" +
				"<param><value><string>s&lt;:</string></value></param>\n<param><value><i4>1</i4></value></param>\n" +
				"<param><value><boolean>0</boolean></value></param>\n</params>\n</methodCall>\n",
		},
	}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

func TestOpenSaysWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{}":                           `line 1: a step needs "request", "wait" or "method"`,
		"{\"n\":1":                     "line 1: reading a step",
		`{"method":"m","params":[{}]}`: "line 1: parameters of m",
	} {
		_, err := Open(strings.NewReader(text)).Next()
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("Open(%q): %v, want %s", text, err, want)
		}
	}
}

// TestDecodedRecordings plays recordings with decoded values.
func TestDecodedRecordings(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one-2.2.jsonl", "rvpe-methods.jsonl"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := os.Open(filepath.Join(golden, name))
			if err != nil {
				t.Skipf("skipped %s: %v", name, err)
			}
			defer f.Close()
			steps := drain(t, Open(f))
			report := play(t, steps, func(s Step) (int, string) { return http.StatusOK, encodeResult(t, s) }, Options{})
			if n := report.Differences(); n > 0 || len(report.Results) == 0 {
				t.Errorf("%d of %d steps differ from themselves", n, len(report.Results))
			}
		})
	}
}

func encodeResult(t *testing.T, s Step) string {
	t.Helper()
	var b strings.Builder
	if fault, ok := s.Result.(map[string]any); ok {
		return fmt.Sprintf("<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>%v</int></value></member>"+
			"<member><name>faultString</name><value>%s</value></member></struct></value></fault></methodResponse>", fault["fault"], escape(fault["text"].(string)))
	}
	if err := encodeValue(&b, s.Result); err != nil {
		t.Fatal(err)
	}
	return "<methodResponse><params><param>" + b.String() + "</param></params></methodResponse>"
}

func TestWireForm(t *testing.T) {
	t.Parallel()
	const call = "<?xml version=\"1.0\"?>\n<methodCall>\n</methodCall>\n"
	for recorded, want := range map[string]string{
		"POST /RPC2 HTTP/1.0\nContent-Length: 49\n\n" + call: "POST /RPC2 HTTP/1.0\r\nContent-Length: 49\r\n\r\n" + call,
		"POST / HTTP/1.1\nX: y\n\n31\n" + call + "\n0\n\n":   "POST / HTTP/1.1\r\nX: y\r\n\r\n31\r\n" + call + "\r\n0\r\n\r\n",
		"POST / HTTP/1.1\n\n":                                "POST / HTTP/1.1\r\n\r\n",
	} {
		if diff := cmp.Diff(want, wireForm(recorded)); diff != "" {
			t.Errorf("wire form (-want +got):\n%s", diff)
		}
	}
}
