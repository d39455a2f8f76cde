package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// Empty is an empty HTTP handler in a process of its own, to measure the minimum that a call
// costs. In the process of the load generator it would be twice as fast, which no real server
// can be.
type Empty struct {
	proc  *exec.Cmd
	stdin io.Closer // closing it ends the process
	url   string
}

// StartEmpty starts program with arguments that make it run ServeEmpty.
func StartEmpty(program string, args ...string) (*Empty, error) {
	e := &Empty{proc: exec.Command(program, args...)}
	e.proc.Stderr = os.Stderr
	stdout, err := e.proc.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if e.stdin, err = e.proc.StdinPipe(); err != nil {
		return nil, err
	}
	if err := e.proc.Start(); err != nil {
		return nil, err
	}
	address, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the empty handler does not tell its address: %w", err), e.Stop())
	}
	e.url = "http://" + strings.TrimSpace(address)
	return e, nil
}

// Stop ends the process.
func (e *Empty) Stop() error {
	return errors.Join(e.stdin.Close(), e.proc.Wait())
}

// target makes calls be answered with size bytes.
func (e *Empty) target(size int64) Target {
	return Target{Endpoint: fmt.Sprintf("%s/%d", e.url, size), Session: "floor"}
}

// ServeEmpty answers each request with as many bytes as its path says. It prints its address to
// out, and serves until the end of in.
func ServeEmpty(in io.Reader, out io.Writer) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s := &http.Server{Handler: newFilling(), ReadHeaderTimeout: patience}
	go func() {
		_, _ = io.Copy(io.Discard, in) // on any error, too
		_ = s.Shutdown(context.Background())
	}()
	if _, err := fmt.Fprintln(out, l.Addr()); err != nil {
		return errors.Join(err, l.Close())
	}
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// filling is what answers consist of: it begins like a successful answer.
type filling []byte

const blockOfFilling = 1 << 20

func newFilling() filling {
	return filling("<boolean>1</boolean>" + strings.Repeat("a", blockOfFilling))
}

// ServeHTTP implements http.Handler.
func (f filling) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	size, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	_, _ = io.Copy(io.Discard, r.Body) // as every server has to
	w.Header().Set("Content-Length", strconv.Itoa(size))
	for size > 0 {
		n, err := w.Write(f[:min(size, len(f))])
		if err != nil {
			return // the client has gone
		}
		size -= n
	}
}
