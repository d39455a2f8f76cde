package server_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// benchSite is a server that speaks one.*, OpenNebula 2.2's one.* and rvpe.*.
type benchSite struct {
	one, one22, rvpe string // URLs
	session          string // of 2.2's form
	dir              string
}

func serveAll(b *testing.B) benchSite {
	b.Helper()
	s, dir := benchServer(b, func(c *config.Config) {
		c.Scheduler.Enabled = false
		c.One22.Hypervisor, c.One22.Network = "dummy", "dummy"
		c.Listeners = []config.Listener{{Face: "rvpe", Listen: "localhost:0"}, {Face: "one22", Listen: "127.0.0.1:0", Paths: []string{"/one22"}}}
	})
	at := s.Addresses()
	return benchSite{
		one: "http://" + at[0] + config.Default().Path, rvpe: "http://" + at[1] + "/", one22: "http://" + at[0] + "/one22",
		session: "oneadmin:" + user.SHA1Hex("secret"), dir: dir,
	}
}

// fileBytes is the length of the files in these benchmarks.
const fileBytes = 64 << 20

// BenchmarkTransfer uploads and downloads files as RENKEI-VPE's clients do, over the loopback
// and in chunks of the usual size: one client, and sixteen. MB/s counts the files' bytes;
// MB/cpu-s is per second of CPU time, clients included, which is steadier on a busy machine;
// peak-MiB is the largest size of the heap.
func BenchmarkTransfer(b *testing.B) {
	s := serveAll(b)
	chunks := s.chunks(b)
	for _, side := range []int{1, 16} {
		b.Run(fmt.Sprintf("put/%d", side), func(b *testing.B) {
			s.many(b, side, func() error { _, err := s.put(chunks); return err })
		})
		b.Run(fmt.Sprintf("get/%d", side), func(b *testing.B) {
			path, err := s.put(chunks)
			if err != nil {
				b.Fatal(err)
			}
			s.many(b, side, func() error { return s.get(path) })
		})
	}
}

// many makes b.N transfers in each of side clients.
func (s benchSite) many(b *testing.B, side int, transfer func() error) {
	b.SetBytes(int64(side) * fileBytes)
	peak, began := watchHeap(b), cpu(b)
	for b.Loop() {
		var all sync.WaitGroup
		errs := make([]error, side)
		for i := range side {
			all.Go(func() { errs[i] = transfer() })
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(side*b.N)*fileBytes/1e6/(cpu(b)-began).Seconds(), "MB/cpu-s")
	b.ReportMetric(float64(peak())/(1<<20), "peak-MiB")
}

// cpu is the CPU time that the process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watchHeap samples the size of the heap; what it answers stops that and answers the maximum.
func watchHeap(b *testing.B) func() uint64 {
	b.Helper()
	var most atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for {
			metrics.Read(sample)
			most.Store(max(most.Load(), sample[0].Value.Uint64()))
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(stop); <-done; return most.Load() }
}

// chunks is a file in base64, as Ruby writes it, in parts of the size of a chunk.
func (s benchSite) chunks(b *testing.B) (list []string) {
	b.Helper()
	chunk := make([]byte, config.Default().RVPE.ChunkKiB<<10)
	if _, err := rand.Read(chunk); err != nil {
		b.Fatal(err)
	}
	var text strings.Builder
	for part := range slices.Chunk(chunk, 45) {
		text.WriteString(base64.StdEncoding.EncodeToString(part) + "\n")
	}
	for n := 0; n < fileBytes; n += len(chunk) {
		list = append(list, text.String())
	}
	return list
}

// put uploads a file, ends the session, and answers the file's path.
func (s benchSite) put(chunks []string) (path string, err error) {
	answer, err := s.call("rvpe.transfer.init", "put", "x", fileBytes)
	if err != nil {
		return "", err
	}
	name := escaped(answer, "NAME")
	head, err := xmlrpc.MarshalCall("rvpe.transfer.put", s.session, name, "@")
	if err != nil {
		return "", err
	}
	before, after, _ := bytes.Cut(head, []byte("@"))
	for _, chunk := range chunks { // the bodies are not built in memory: that would measure the client
		body := io.MultiReader(bytes.NewReader(before), strings.NewReader(chunk), bytes.NewReader(after))
		req, err := http.NewRequest(http.MethodPost, s.rvpe, body)
		if err != nil {
			return "", err
		}
		req.ContentLength = int64(len(before) + len(chunk) + len(after))
		if _, err := finish(http.DefaultClient.Do(req)); err != nil {
			return "", err
		}
	}
	_, err = s.call("rvpe.transfer.finalize", name)
	return filepath.Join(s.dir, "data", "datastores", "temporal_transfer", name), err
}

// get downloads a file and counts its bytes.
func (s benchSite) get(path string) error {
	answer, err := s.call("rvpe.transfer.init", "get", path, 0)
	if err != nil {
		return err
	}
	name, chunk := escaped(answer, "NAME"), config.Default().RVPE.ChunkKiB<<10
	for at := 0; at < fileBytes; at += chunk {
		body, err := xmlrpc.MarshalCall("rvpe.transfer.get", s.session, name, at)
		if err != nil {
			return err
		}
		resp, err := http.Post(s.rvpe, "text/xml", bytes.NewReader(body))
		if err != nil {
			return err
		}
		n, err := io.Copy(io.Discard, resp.Body)
		if err := errors.Join(err, resp.Body.Close()); err != nil || n < int64(chunk)*4/3 {
			return fmt.Errorf("%d bytes came: %w", n, err)
		}
	}
	_, err = s.call("rvpe.transfer.finalize", name)
	return err
}

func (s benchSite) call(method string, args ...any) (string, error) {
	body, err := xmlrpc.MarshalCall(method, append([]any{s.session}, args...)...)
	if err != nil {
		return "", err
	}
	return finish(http.Post(s.rvpe, "text/xml", bytes.NewReader(body)))
}

// finish reads an answer, which has to be a success.
func finish(resp *http.Response, err error) (string, error) {
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(resp.Body)
	err = errors.Join(err, resp.Body.Close())
	if err == nil && !bytes.Contains(text[:min(len(text), 300)], []byte("<boolean>1</boolean>")) {
		err = fmt.Errorf("refused: %.300s", text)
	}
	return string(text), err
}

// escaped is the text of an element in the escaped document of an answer.
func escaped(answer, tag string) string {
	_, rest, _ := strings.Cut(answer, "&lt;"+tag+"&gt;")
	text, _, _ := strings.Cut(rest, "&lt;")
	return text
}
