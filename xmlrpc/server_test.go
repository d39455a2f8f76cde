package xmlrpc

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	kolo "github.com/kolo/xmlrpc"
)

// raw sends bytes over a new connection and returns the responses, each as status and body,
// until the connection is closed.
func raw(t *testing.T, addr string, responses int, parts ...string) []string {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, p := range parts {
		if _, err := io.WriteString(conn, p); err != nil {
			t.Fatal(err)
		}
	}
	in := bufio.NewReader(conn)
	var got []string
	for range responses {
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("after %d responses: %v", len(got), err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, resp.Status+" "+string(body))
	}
	return got
}

func TestHTTPRequests(t *testing.T) {
	t.Parallel()
	body := mustCall(t, "demo.echo", "hello")
	answer, err := MarshalResponse([]any{"hello"})
	if err != nil {
		t.Fatal(err)
	}
	ok := "200 OK " + string(answer)
	sized := fmt.Sprintf("Content-Length: %d\r\n", len(body))
	tests := map[string]struct {
		requests []string
		want     []string
	}{
		"HTTP/1.0":      {[]string{"POST /RPC2 HTTP/1.0\r\n" + sized + "\r\n" + body}, []string{ok}},
		"no host":       {[]string{"POST /RPC2 HTTP/1.1\r\n" + sized + "\r\n" + body}, []string{"400 Bad Request"}},
		"kept alive":    {[]string{"POST /RPC2 HTTP/1.1\r\nHost: a\r\n" + sized + "\r\n" + body, "POST /RPC2 HTTP/1.1\r\nHost: a\r\n" + sized + "\r\n" + body}, []string{ok, ok}},
		"chunked":       {[]string{fmt.Sprintf("POST /RPC2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)}, []string{ok}},
		"chunked empty": {[]string{"POST /RPC2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}, []string{"400 Bad Request"}},
		"chunks broken": {[]string{"POST /RPC2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n"}, []string{"400 Bad Request"}},
		"100-continue":  {[]string{"POST /RPC2 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" + sized + "\r\n" + body}, []string{"100 Continue", ok}},
		"no length":     {[]string{"POST /RPC2 HTTP/1.1\r\nHost: a\r\n\r\n"}, []string{"411 Length Required"}},
		"length zero":   {[]string{"POST /RPC2 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"}, []string{"400 Bad Request"}},
		"gzip body":     {[]string{"POST /RPC2 HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"}, []string{"415 Unsupported Media Type"}},
	}
	addr := start(t, &Server{Registry: demo(t)})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i, got := range raw(t, addr, len(tt.want), tt.requests...) {
				if !strings.HasPrefix(got, tt.want[i]) {
					t.Errorf("response %d: got %q, want %q", i, got, tt.want[i])
				}
			}
		})
	}
}

func TestResponseHeaders(t *testing.T) {
	t.Parallel()
	url := "http://" + start(t, &Server{Registry: demo(t), Path: "/other"}) + "/other"
	resp, body := post(t, client(t), url, mustCall(t, "demo.echo"))
	if got, want := resp.Header.Get("Content-Type"), "text/xml; charset=utf-8"; got != want {
		t.Errorf("Content-Type: got %q, want %q", got, want)
	}
	if resp.ContentLength != int64(len(body)) {
		t.Errorf("Content-Length: got %d, want %d", resp.ContentLength, len(body))
	}
}

// TestRoutes: each path has its methods.
func TestRoutes(t *testing.T) {
	t.Parallel()
	api, routed, rest := New(), New(), New()
	for name, tt := range map[string]struct {
		server *Server
		want   map[string]*Registry
	}{
		"API alone":     {&Server{Registry: api}, map[string]*Registry{"/RPC2": api, "/": nil, "*": nil}},
		"API elsewhere": {&Server{Registry: api, Path: "/api"}, map[string]*Registry{"/api": api, "/RPC2": nil}},
		"further path":  {&Server{Registry: api, Routes: []Route{{"/b", routed}}}, map[string]*Registry{"/RPC2": api, "/b": routed, "/c": nil}},
		"any path": {
			&Server{Registry: api, Routes: []Route{{AnyPath, rest}, {"/b", routed}}},
			map[string]*Registry{"/RPC2": api, "/b": routed, "/c": rest, "/": rest},
		},
		"routes alone": {&Server{Routes: []Route{{"/b", routed}}}, map[string]*Registry{"/RPC2": nil, "/b": routed}},
	} {
		for path, want := range tt.want {
			if tt.server.at(path) != want {
				t.Errorf("%s: wrong methods at %s", name, path)
			}
		}
	}
}

// TestRecords: the log gets everything, including internal errors that the caller does not get.
func TestRecords(t *testing.T) {
	t.Parallel()
	records := make(chan Record, 1)
	url := "http://" + start(t, &Server{Registry: demo(t), Log: func(r Record) { records <- r }}) + DefaultPath
	c := client(t)
	multi := mustCall(t, "system.multicall", []any{
		Struct{{"methodName", "demo.fail"}, {"params", []any{}}}, Struct{{"methodName", "demo.fault"}, {"params", []any{}}},
	})
	tests := []struct{ body, method, err string }{
		{mustCall(t, "demo.echo"), "demo.echo", ""},
		{mustCall(t, "demo.fail"), "demo.fail", "unexpected EOF"},
		{mustCall(t, "demo.panic"), "demo.panic", "panic in demo.panic: oops"},
		{mustCall(t, "demo.odd"), "demo.odd", "XML-RPC has no form for struct {}"},
		{mustCall(t, "demo.fault"), "demo.fault", "fault 7: a <fault>"},
		{multi, "system.multicall", "demo.fail: unexpected EOF"},
		{"x", "", "syntax error"},
		{"", "", "HTTP 400: According"},
	}
	for i, tt := range tests {
		_, body := post(t, c, url, tt.body)
		r := <-records
		if r.Call.ID != uint64(i+1) || r.Call.Method != tt.method || r.Call.Remote == "" {
			t.Errorf("got call %+v, want the method %q and number %d", *r.Call, tt.method, i+1)
		}
		if got := fmt.Sprint(r.Err); r.Err != nil != (tt.err != "") || !strings.Contains(got, tt.err) {
			t.Errorf("%s: got error %q, want %q in it", tt.method, got, tt.err)
		}
		if strings.Contains(body, "EOF") || strings.Contains(body, "oops") {
			t.Errorf("%s: the caller was told what was inside: %s", tt.method, body)
		}
	}
}

// TestCallOutlivesItsClient: a call is carried out even if the client disconnects.
func TestCallOutlivesItsClient(t *testing.T) {
	t.Parallel()
	begun, gone, ended := make(chan bool), make(chan bool), make(chan error, 1)
	r := New()
	if err := r.Add(Method{Name: "slow", Handle: func(ctx context.Context, _ *Call) (any, error) {
		close(begun)
		<-gone
		ended <- ctx.Err()
		return 1, nil
	}}); err != nil {
		t.Fatal(err)
	}
	addr := start(t, &Server{Registry: r})
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	body := mustCall(t, "slow")
	fmt.Fprintf(conn, "POST /RPC2 HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	<-begun
	conn.Close()
	close(gone)
	if err := <-ended; err != nil {
		t.Errorf("the call was stopped: %v", err)
	}
}

// TestKolo calls the server with the client library of the command line tools.
func TestKolo(t *testing.T) {
	t.Parallel()
	c, err := kolo.NewClient("http://"+start(t, &Server{Registry: demo(t)})+DefaultPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var got []any
	args := []any{"a & <b> é\n", 5, true, 2.5, []any{int64(1), "x"}}
	if err := c.Call("demo.echo", args, &got); err != nil {
		t.Fatal(err)
	}
	want := []any{"a & <b> é\n", int64(5), true, 2.5, []any{int64(1), "x"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if err := c.Call("demo.fault", nil, nil); err == nil || err.Error() != "Fault(7): a <fault>" {
		t.Errorf("got %v, want fault 7", err)
	}
}
