package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/server"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// BenchmarkCalls measures whole calls over the loopback, one client at a time,
// on a server of 20,000 VMs that stores on disk.
func BenchmarkCalls(b *testing.B) {
	url := serveBench(b)
	for range 20_000 {
		post(b, url, "one.vm.allocate", "CPU=0.1\nMEMORY=64", true)
	}
	for _, call := range []struct {
		name, method string
		args         []any
	}{
		{"vm.info", "one.vm.info", []any{15_000, false}},
		{"vmpool.info", "one.vmpool.info", []any{-2, -1, -1, -1}},
		{"page of 100", "one.vmpool.info", []any{-2, 10_000, -100, -1}},
		{"vm.update", "one.vm.update", []any{15_000, "NOTE=x", 1}},
		{"vm.allocate", "one.vm.allocate", []any{"CPU=0.1\nMEMORY=64", true}},
		{"system.version", "one.system.version", nil},
	} {
		b.Run(call.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.SetBytes(post(b, url, call.method, call.args...))
			}
		})
	}
}

// BenchmarkWritesTogether measures concurrent writes of 32 clients, which share commits.
func BenchmarkWritesTogether(b *testing.B) {
	url := serveBench(b)
	for range 1000 {
		post(b, url, "one.vm.allocate", "CPU=0.1\nMEMORY=64", true)
	}
	post(b, url, "one.datastore.update", 1, "TM_MAD=dummy\nDS_MAD=dummy", 1) // a dummy datastore: images have no files
	var turn atomic.Int64
	for _, call := range []struct {
		name, method string
		args         func(n int64) []any
	}{
		{"vm.update", "one.vm.update", func(n int64) []any { return []any{int(n % 1000), "NOTE=x", 1} }},
		{"vm.allocate", "one.vm.allocate", func(int64) []any { return []any{"CPU=0.1\nMEMORY=64", true} }},
		{"image.allocate", "one.image.allocate", func(n int64) []any {
			return []any{fmt.Sprintf("NAME=i%d\nTYPE=DATABLOCK\nSIZE=1", n), 1, true}
		}},
	} {
		b.Run(call.name, func(b *testing.B) {
			b.SetParallelism(max(1, 32/runtime.GOMAXPROCS(0)))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					post(b, url, call.method, call.args(turn.Add(1))...)
				}
			})
		})
	}
}

// serveBench serves a new data folder until the benchmark ends.
func serveBench(b *testing.B) string {
	b.Helper()
	s, _ := benchServer(b, func(*config.Config) {})
	return "http://" + s.Addresses()[0] + config.Default().Path
}

// benchServer runs a server on a new data folder until the benchmark ends, and answers the
// folder's path.
func benchServer(b *testing.B, set func(*config.Config)) (s *server.Server, dir string) {
	b.Helper()
	dir = b.TempDir()
	auth := filepath.Join(dir, "one_auth")
	b.Setenv("ONE_AUTH", auth)
	if err := os.WriteFile(auth, []byte("oneadmin:secret\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	c := config.Default()
	c.Markets = config.Markets{} // tests reach for nothing outside
	c.Data, c.Listen, c.Auth.HashCost = filepath.Join(dir, "data"), "127.0.0.1:0", 4
	set(&c)
	s, err := server.New(c, zerolog.Nop())
	if err != nil {
		b.Fatal(err)
	}
	l, err := s.Listen()
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, l) }()
	b.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.Error(err)
		}
	})
	return s, dir
}

// post makes a call that has to succeed, and answers the size of the answer.
func post(b *testing.B, url, method string, args ...any) int64 {
	b.Helper()
	body, err := xmlrpc.MarshalCall(method, append([]any{"oneadmin:secret"}, args...)...)
	if err != nil {
		b.Fatal(err)
	}
	resp, err := http.Post(url, "text/xml", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || !bytes.Contains(answer[:min(len(answer), 300)], []byte("<boolean>1</boolean>")) {
		b.Fatalf("%s: %v %.300s", method, err, answer)
	}
	return int64(len(answer))
}
