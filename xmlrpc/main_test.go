package xmlrpc

import (
	"context"
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "rewrite the replies in testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// demo is a registry with a few methods of oned.
func demo(t testing.TB) *Registry {
	t.Helper()
	session := Param{Name: "session", Type: String}
	id := Param{Name: "id", Type: Int}
	decrypt := Param{Name: "decrypt", Type: Bool, Optional: true, Default: false}
	r := New()
	err := r.Add(
		Method{Name: "one.system.version", Params: []Param{session}, Result: ArrayType, Handle: checked([]Param{session}, "7.4.0")},
		Method{
			Name: "one.vm.info", Params: []Param{session, id, decrypt}, Result: ArrayType,
			Help: "Returns Virtual Machine information", Handle: checked([]Param{session, id, decrypt}, "<VM/>"),
		},
		Method{Name: "one.user.info", Handle: checked([]Param{session, id, decrypt}, "<USER/>")},
		Method{Name: "one.vm.allocate", Handle: checked([]Param{session, {Name: "template", Type: String}, decrypt}, 7)},
		Method{Name: "demo.echo", Handle: func(_ context.Context, c *Call) (any, error) { return c.Args, nil }},
		Method{Name: "demo.fail", Handle: func(context.Context, *Call) (any, error) { return nil, io.ErrUnexpectedEOF }},
		Method{Name: "demo.fault", Handle: func(context.Context, *Call) (any, error) { return nil, Faultf(7, "a <fault>") }},
		Method{Name: "demo.panic", Handle: func(context.Context, *Call) (any, error) { panic("oops") }},
		Method{Name: "demo.odd", Handle: func(context.Context, *Call) (any, error) { return struct{}{}, nil }},
	)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// checked is a handler that checks its arguments as the faces do.
func checked(params []Param, result any) Handler {
	return func(_ context.Context, c *Call) (any, error) {
		if len(c.Args) == 0 {
			return nil, FaultNoParameters()
		}
		if _, err := CheckArgs(params, c.Args); err != nil {
			return nil, err
		}
		return []any{true, result, 0}, nil
	}
}

// start serves on a free port of the loopback and returns its address. The server is stopped at
// the end of the test.
func start(t testing.TB, s *Server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if s.ErrorLog == nil {
		s.ErrorLog = log.New(io.Discard, "", 0)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return l.Addr().String()
}

// client is an HTTP client whose connections are closed at the end of the test.
func client(t testing.TB) *http.Client {
	t.Helper()
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// post sends a body to the server and returns the response and its body.
func post(t testing.TB, c *http.Client, url, body string) (*http.Response, string) {
	t.Helper()
	resp, err := c.Post(url, "text/xml", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(b)
}

// mustCall marshals a call.
func mustCall(t testing.TB, method string, args ...any) string {
	t.Helper()
	b, err := MarshalCall(method, args...)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
