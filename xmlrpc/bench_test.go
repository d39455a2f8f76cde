package xmlrpc

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// vm is about the size of a VM in oned's answers.
const vm = 2800

func BenchmarkDecodeCall(b *testing.B) {
	body := []byte(mustCall(b, "one.vm.info", "oneadmin:opennebula", 12345, false))
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, _, err := UnmarshalCall(body, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeInfo(b *testing.B) {
	text := Text{Chunks: [][]byte{AppendEscaped(nil, strings.Repeat("<ID>12345</ID><NAME>a</NAME>", vm/28))}}
	d := &document{}
	b.ReportAllocs()
	for b.Loop() {
		d.reset()
		if err := d.response([]any{true, text, 0}); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(d.size()))
	}
}

func BenchmarkAppendEscaped(b *testing.B) {
	text := strings.Repeat("<ID>12345</ID><NAME>a</NAME>", vm/28)
	var dst []byte
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		dst = AppendEscaped(dst[:0], text)
	}
}

// pool is an answer like vmpool.info with 20,000 VMs: 28 MB.
func pool() Text { return Text{Chunks: repeat([]byte(strings.Repeat("a", 1400)), 20_000)} }

// BenchmarkEncodePool sends a large answer over the loopback; for comparison, an empty handler
// sends the same bytes.
func BenchmarkEncodePool(b *testing.B) {
	r := New()
	if err := r.Add(Method{Name: "pool", Handle: handleValue([]any{true, pool(), 0})}); err != nil {
		b.Fatal(err)
	}
	whole, err := MarshalResponse([]any{true, pool(), 0})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("xmlrpc", func(b *testing.B) { ask(b, "http://"+start(b, &Server{Registry: r})+DefaultPath, "pool", len(whole)) })
	b.Run("floor", func(b *testing.B) { ask(b, bare(b, whole), "pool", len(whole)) })
}

// BenchmarkLoopbackCall makes small calls; for comparison, to an empty handler, too.
func BenchmarkLoopbackCall(b *testing.B) {
	r := New()
	answer := []any{true, Text{Chunks: [][]byte{[]byte(strings.Repeat("a", vm))}}, 0}
	if err := r.Add(Method{Name: "one.vm.info", Handle: handleValue(answer)}); err != nil {
		b.Fatal(err)
	}
	whole, err := MarshalResponse(answer)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("xmlrpc", func(b *testing.B) {
		ask(b, "http://"+start(b, &Server{Registry: r})+DefaultPath, "one.vm.info", len(whole))
	})
	b.Run("floor", func(b *testing.B) { ask(b, bare(b, whole), "one.vm.info", len(whole)) })
}

// bare sends the same bytes with net/http only.
func bare(b *testing.B, answer []byte) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	hs := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			b.Error(err)
		}
		w.Header().Set("Content-Length", itoa(len(answer)))
		if _, err := w.Write(answer); err != nil {
			b.Error(err)
		}
	})}
	done := make(chan error, 1)
	go func() { done <- hs.Serve(l) }()
	b.Cleanup(func() {
		if err := hs.Shutdown(context.Background()); err != nil {
			b.Error(err)
		}
		<-done
	})
	return "http://" + l.Addr().String() + DefaultPath
}

// ask makes a call over a connection and reads the answer.
func ask(b *testing.B, url, method string, size int) {
	b.Helper()
	c, body := client(b), mustCall(b, method, "oneadmin:opennebula", 12345, false)
	b.ReportAllocs()
	b.SetBytes(int64(size))
	for b.Loop() {
		resp, err := c.Post(url, "text/xml", strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, resp.Body)
		if err != nil || int(n) != size {
			b.Fatalf("got %d bytes of %d; %v", n, size, err)
		}
		resp.Body.Close()
	}
}
