package xmlrpc

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// zeros is an endless body.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestHugeBody sends a gigabyte, with Content-Length and in chunks. It is not read into memory.
// (The test does not run in parallel, because it measures memory.)
func TestHugeBody(t *testing.T) {
	const gigabyte = 1 << 30
	url := "http://" + start(t, &Server{Registry: demo(t)}) + DefaultPath
	for name, length := range map[string]int64{"announced": gigabyte, "in chunks": -1} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, io.LimitReader(zeros{}, gigabyte))
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = length
		if resp, err := client(t).Do(req); err == nil { // otherwise the server closed the connection first
			resp.Body.Close()
			if resp.StatusCode != http.StatusRequestEntityTooLarge || !resp.Close {
				t.Errorf("%s: got %s, closed %t; want 413 and closed", name, resp.Status, resp.Close)
			}
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 100<<20 {
			t.Errorf("%s: %d MB were allocated", name, used>>20)
		}
	}
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	body := mustCall(t, "demo.echo")
	for most, want := range map[int]int{len(body): http.StatusOK, len(body) - 1: http.StatusRequestEntityTooLarge} {
		url := "http://" + start(t, &Server{Registry: demo(t), Limits: Limits{BodyBytes: int64(most)}}) + DefaultPath
		for name, r := range map[string]io.Reader{"sized": strings.NewReader(body), "chunked": io.MultiReader(strings.NewReader(body))} {
			resp, err := client(t).Post(url, "text/xml", r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("%d bytes of %d, %s: got %d, want %d", len(body), most, name, resp.StatusCode, want)
			}
		}
	}
}

// TestLargeBodiesTakeTurns: more large bodies than places wait, and are refused after a
// timeout; small ones are not affected.
func TestLargeBodiesTakeTurns(t *testing.T) {
	t.Parallel()
	s := &Server{Registry: demo(t), Limits: Limits{ReadTimeout: 2 * time.Second}}
	url := "http://" + start(t, s) + DefaultPath
	large := mustCall(t, "demo.echo", strings.Repeat("a", 2*smallBytes))
	for range mostLarge {
		if !s.large.enter(time.Minute) {
			t.Fatal("no place in an idle server")
		}
	}
	if resp, _ := post(t, client(t), url, mustCall(t, "demo.echo")); resp.StatusCode != http.StatusOK {
		t.Errorf("a small call got %s", resp.Status)
	}
	if resp, err := client(t).Post(url, "text/xml", strings.NewReader(large)); err == nil { // otherwise the server closed the connection first
		resp.Body.Close()
		if resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("a large call got %s, want 503", resp.Status)
		}
	}
	for range mostLarge {
		s.large.leave()
	}
	for range 2 * mostLarge { // the places are free again
		if resp, _ := post(t, client(t), url, large); resp.StatusCode != http.StatusOK {
			t.Fatalf("a large call got %s", resp.Status)
		}
	}
}

// TestSlowClients: a request that does not arrive in time is refused.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	addr := start(t, &Server{Registry: demo(t), Limits: Limits{ReadTimeout: time.Second, IdleTimeout: 50 * time.Millisecond}})
	whole := "POST /RPC2 HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx"
	for name, tt := range map[string]struct{ send, want string }{
		"nothing":         {"", ""},
		"half a header":   {"POST /RPC2 HTTP/1.1\r\nHost: ", ""},
		"half a body":     {"POST /RPC2 HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n<method", "HTTP/1.1 408 Request Timeout"},
		"half a chunk":    {"POST /RPC2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n<method", "HTTP/1.1 408 Request Timeout"},
		"idle afterwards": {whole, "HTTP/1.0 200 OK"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, tt.send); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(conn) // the server closes the connection
			if err != nil || !strings.HasPrefix(string(got), tt.want) || tt.want == "" && len(got) > 0 {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

// TestClientThatDoesNotRead: sending an answer is given up after a timeout.
func TestClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	r := New()
	chunk := make([]byte, 1<<20)
	if err := r.Add(Method{Name: "big", Handle: handleValue(Text{Chunks: repeat(chunk, 200)})}); err != nil {
		t.Fatal(err)
	}
	records := make(chan Record, 1)
	addr := start(t, &Server{Registry: r, Log: func(r Record) { records <- r }, Limits: Limits{WriteTimeout: 50 * time.Millisecond}})
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := mustCall(t, "big")
	if _, err := io.WriteString(conn, "POST /RPC2 HTTP/1.0\r\nContent-Length: "+itoa(len(body))+"\r\n\r\n"+body); err != nil {
		t.Fatal(err)
	}
	var timeout net.Error
	if rec := <-records; !errors.As(rec.Err, &timeout) || !timeout.Timeout() {
		t.Errorf("got %v, want a timeout", rec.Err)
	}
}

// TestConnectionLimit: one connection too many waits for another to end.
func TestConnectionLimit(t *testing.T) {
	t.Parallel()
	addr := start(t, &Server{Registry: demo(t), Limits: Limits{Conns: 1}})
	first, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	request := "POST /RPC2 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
	ask := func(conn net.Conn) error {
		if _, err := io.WriteString(conn, request); err != nil {
			return err
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	if err := ask(first); err != nil {
		t.Fatal(err)
	}
	second, err := net.Dial("tcp", addr) // the kernel accepts it, the server does not yet
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if err := second.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	var timeout net.Error
	if err := ask(second); !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Fatalf("while the first was open the second got %v, want no answer", err)
	}
	first.Close()
	if err := second.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := http.ReadResponse(bufio.NewReader(second), nil); err != nil {
		t.Errorf("when the first was closed the second got %v", err)
	}
}
