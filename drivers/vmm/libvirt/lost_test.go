package libvirt_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt"
)

const libvirtSocket = "/run/libvirt/libvirt-sock"

// wire is a proxy between a driver and this machine's libvirtd that can be cut or silenced.
type wire struct {
	listener net.Listener
	path     string

	mu     sync.Mutex
	ends   []net.Conn
	silent bool
	work   sync.WaitGroup
}

func newWire(t *testing.T) *wire {
	t.Helper()
	if c, err := net.Dial("unix", libvirtSocket); err != nil {
		t.Skipf("no libvirtd on this machine: %v", err)
	} else {
		c.Close()
	}
	dir, err := os.MkdirTemp("", "wire") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{path: filepath.Join(dir, "s")}
	if w.listener, err = net.Listen("unix", w.path); err != nil {
		t.Fatal(err)
	}
	w.work.Go(w.serve)
	t.Cleanup(func() {
		w.listener.Close()
		w.cut()
		w.work.Wait()
		os.RemoveAll(dir)
	})
	return w
}

func (w *wire) serve() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("unix", libvirtSocket)
		if err != nil {
			near.Close()
			continue
		}
		w.mu.Lock()
		w.ends = append(w.ends, near, far)
		w.mu.Unlock()
		w.work.Go(func() { w.carry(near, far) })
		w.work.Go(func() { w.carry(far, near) })
	}
}

func (w *wire) carry(to, from net.Conn) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		w.mu.Lock()
		silent := w.silent
		w.mu.Unlock()
		if !silent {
			to.Write(buf[:n])
		}
		if errors.Is(err, io.EOF) || err != nil {
			to.Close()
			return
		}
	}
}

// cut closes all connections.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.ends {
		c.Close()
	}
	w.ends = nil
}

// hush drops everything from now on.
func (w *wire) hush(silent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.silent = silent
}

func (w *wire) driver(t *testing.T) drivers.Hypervisor {
	t.Helper()
	d, err := libvirt.New(libvirt.Settings{LocalURI: "qemu+unix:///system?socket=" + w.path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return d.On(testHost)
}

func TestReconnectAfterALostConnection(t *testing.T) {
	needLibvirt(t)
	w := newWire(t)
	hv := w.driver(t)
	for round := range 3 {
		if _, err := hv.Poll(t.Context()); err != nil {
			t.Fatalf("Poll in round %d: %v", round, err)
		}
		ended := make(chan error, 1)
		go func() { ended <- hv.(drivers.Watcher).Watch(t.Context(), func(drivers.Domain) {}) }()
		if err := cutUntil(t, w, ended); err == nil || !strings.Contains(err.Error(), testHost.Name) {
			t.Fatalf("Watch over a cut wire = %v, want an error that names the host", err)
		}
	}
}

// cutUntil cuts the wire until the watch, which may only be starting, has ended.
func cutUntil(t *testing.T, w *wire, ended <-chan error) error {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(time.Minute); ; {
		select {
		case err := <-ended:
			return err
		case <-tick.C:
			w.cut()
		case <-deadline:
			t.Fatal("Watch goes on over a cut wire")
		}
	}
}

// Calls to a host that does not answer end with their contexts.
func TestCallsToASilentHostEndWithTheirContexts(t *testing.T) {
	needLibvirt(t)
	w := newWire(t)
	hv := w.driver(t)
	if _, err := hv.Poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.hush(true)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := hv.Poll(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Poll = %v, want %v", err, context.DeadlineExceeded)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("Poll took %v, want about 200ms", took)
	}
	w.hush(false)
	w.cut() // otherwise Close waits for the keep-alive
}

func TestAHostWithoutLibvirtSaysSo(t *testing.T) {
	needLibvirt(t)
	d, err := libvirt.New(libvirt.Settings{LocalURI: "qemu+unix:///system?socket=/nowhere/s"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	_, err = d.On(testHost).Poll(t.Context())
	if err == nil || !strings.Contains(err.Error(), "/nowhere/s") || strings.Contains(err.Error(), "virError") {
		t.Errorf("Poll = %v, want libvirt's own words", err)
	}
}
