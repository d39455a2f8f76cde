package crashtest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/client"
)

// testServer is a server in a process of its own, its data folder, and its hosts.
type testServer struct {
	world
	*client.Client                // as oneadmin
	tester         *client.Client // as a user with quotas
	dir            string
	binary         string
	listen         string
	proc           *exec.Cmd
}

const password = "oneadmin:secret"

// newTestServer builds the program and prepares a data folder.
func newTestServer(t *testing.T, w world) *testServer {
	t.Helper()
	dir := t.TempDir()
	h := &testServer{world: w, dir: dir, binary: filepath.Join(dir, "renkei"), listen: freePort(t)}
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "libvirt_dlopen", "-o", h.binary, "../../cmd/renkei")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	if err := os.WriteFile(h.authFile(), []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.Client, h.tester = h.clientOf(t, password), h.clientOf(t, "tester:secret")
	t.Cleanup(func() {
		if h.proc != nil {
			h.kill(t)
		}
	})
	return h
}

func (h *testServer) authFile() string { return filepath.Join(h.dir, "one_auth") }
func (h *testServer) data() string     { return filepath.Join(h.dir, "data") }
func (h *testServer) endpoint() string { return "http://" + h.listen + "/RPC2" }

func (h *testServer) clientOf(t *testing.T, auth string) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{Endpoint: h.endpoint(), Auth: auth, Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start starts the server on its data folder and waits until it answers.
func (h *testServer) start(t *testing.T) {
	t.Helper()
	log, err := os.OpenFile(filepath.Join(h.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	h.proc = exec.Command(h.binary, "serve", "--data", h.data(), "--listen", h.listen)
	for _, setting := range append(h.settings(), "auth.hash_cost=4", "markets.one=", "monitor.host=1s", "monitor.vm=500ms") {
		h.proc.Args = append(h.proc.Args, "--set", setting)
	}
	h.proc.Env = append(os.Environ(), "ONE_AUTH="+h.authFile())
	h.proc.Stdout, h.proc.Stderr = log, log
	if err := h.proc.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, 10*time.Second, "an answer", func() error {
		_, err := h.Call(context.Background(), "one.system.version")
		return err
	})
}

// kill ends the server with SIGKILL, like a power failure.
func (h *testServer) kill(t *testing.T) {
	t.Helper()
	if err := h.proc.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = h.proc.Wait() // the error is "signal: killed"
	h.proc = nil
}

// stop ends the server with SIGTERM.
func (h *testServer) stop(t *testing.T) {
	t.Helper()
	if err := h.proc.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := h.proc.Wait(); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
	h.proc = nil
}

// await polls until ask succeeds: it waits for another process.
func await(t *testing.T, patience time.Duration, what string, ask func() error) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	begin := time.Now()
	for {
		err := ask()
		if err == nil {
			return
		}
		if time.Since(begin) > patience {
			t.Fatalf("no %s after %v: %v", what, patience, err)
		}
		<-tick.C
	}
}

// must makes a call that has to succeed.
func must(t *testing.T, c *client.Client, method string, args ...any) client.Answer {
	t.Helper()
	a, err := c.Call(t.Context(), method, args...)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", method, err))
	}
	return a
}
