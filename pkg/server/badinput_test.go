package server_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/client"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/server"
)

// world is a server on simulated hosts, and a client of its administrator.
type world struct {
	*client.Client
	endpoint  string
	addresses []string // of all listeners, the API's first
}

// open serves a new data folder until the test ends.
func open(t *testing.T, hosts int, change func(*config.Config)) world {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("ONE_AUTH", filepath.Join(dir, "one_auth"))
	if err := os.WriteFile(os.Getenv("ONE_AUTH"), []byte("oneadmin:secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.Markets = config.Markets{} // tests reach for nothing outside
	c.Data, c.Listen, c.Auth.HashCost = filepath.Join(dir, "data"), "127.0.0.1:0", 4
	if change != nil {
		change(&c)
	}
	s, err := server.New(c, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	endpoint := "http://" + l.Addr().String() + c.Path
	if hosts >= 0 {
		if err := server.Simulate(ctx, endpoint, os.Getenv("ONE_AUTH"), hosts); err != nil {
			t.Fatal(err)
		}
	}
	return world{dial(t, endpoint, "oneadmin:secret"), endpoint, s.Addresses()}
}

func dial(t *testing.T, endpoint, auth string) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{Endpoint: endpoint, Auth: auth, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// until polls until the document of a VM contains text.
func (w world) until(t *testing.T, method string, id int, text string) string {
	t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for {
		answer, err := w.Call(context.Background(), method, id)
		if err == nil && strings.Contains(answer.Text, text) {
			return answer.Text
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s %d does not contain %q: %v\n%s", method, id, text, err, answer.Text)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestBadInput makes common mistakes: each gets a helpful error, and nothing is created.
func TestBadInput(t *testing.T) {
	w := open(t, 1, nil)
	for _, tt := range []struct {
		name, method string
		args         []any
		code         one.Code
		says         string
	}{
		{"unknown ID", "one.vm.info", []any{4242}, one.CodeNoExists, "Error getting virtual machine [4242]."},
		{"template syntax", "one.vm.allocate", []any{"CPU=1\nMEMORY=[", false}, one.CodeInternal, "syntax error, unexpected $end"},
		{"no memory in template", "one.vm.allocate", []any{"CPU=1", false}, 0, "MEMORY"},
		{"unknown image in template", "one.vm.allocate", []any{"CPU=1\nMEMORY=64\nDISK=[IMAGE=nothere]", false}, 0, "nothere"},
		{"unknown network in template", "one.vm.allocate", []any{"CPU=1\nMEMORY=64\nNIC=[NETWORK=nothere]", false}, 0, "nothere"},
		{"image without name", "one.image.allocate", []any{"TYPE=DATABLOCK\nSIZE=1", 1}, one.CodeAllocate, "Invalid NAME, it cannot be empty"},
		{"image without size", "one.image.allocate", []any{"NAME=a\nTYPE=DATABLOCK", 1}, one.CodeInternal, "missing SIZE attribute"},
		{"image larger than its datastore", "one.image.allocate", []any{"NAME=a\nTYPE=DATABLOCK\nSIZE=99999999", 1}, one.CodeAction, "Not enough space in datastore"},
		{"network without driver", "one.vn.allocate", []any{"NAME=a\nBRIDGE=b", -1}, 0, "VN_MAD"},
		{"host in no cluster", "one.host.allocate", []any{"h", "dummy", "dummy", 77}, one.CodeNoExists, "Error getting cluster [77]."},
		{"action that is none", "one.vm.action", []any{"dance", 0}, 0, ""},
		{"filter that is none", "one.vmpool.info", []any{-9, -1, -1, -1}, one.CodeRPC, "Incorrect filter_flag"},
	} {
		_, err := w.Call(context.Background(), tt.method, tt.args...)
		var refusal *one.Error
		if !errors.As(err, &refusal) {
			t.Errorf("%s: got %v, want a refusal", tt.name, err)
			continue
		}
		if tt.code != 0 && refusal.Code != tt.code || !strings.Contains(refusal.Msg, tt.says) {
			t.Errorf("%s: got %d %q, want %d with %q", tt.name, refusal.Code, refusal.Msg, tt.code, tt.says)
		}
	}
	answer, err := w.Call(context.Background(), "one.vmpool.info", -2, -1, -1, -2)
	if err != nil || answer.Text != "<VM_POOL></VM_POOL>" {
		t.Errorf("objects of a refused call exist: %v %s", err, answer.Text)
	}
}

func TestWrongPasswordAndUnknownUserAreRefusedAlike(t *testing.T) {
	w := open(t, -1, nil)
	for _, auth := range []string{"oneadmin:wrong", "nobody:secret", "oneadmin:secretx"} {
		_, err := dial(t, w.endpoint, auth).Call(context.Background(), "one.user.info", -1)
		var refusal *one.Error
		if !errors.As(err, &refusal) || refusal.Code != one.CodeAuthentication ||
			!strings.Contains(refusal.Msg, "User couldn't be authenticated") {
			t.Errorf("%s: got %v", auth, err)
		}
	}
}

// TestImagePathThatDoesNotExist is refused before an image is created.
func TestImagePathThatDoesNotExist(t *testing.T) {
	w := open(t, -1, nil)
	_, err := w.Call(context.Background(), "one.image.allocate", "NAME=a\nTYPE=OS\nPATH=/var/tmp/there/is/no/such.img", 1)
	if err == nil || !strings.Contains(err.Error(), "/var/tmp/there/is/no/such.img") {
		t.Errorf("got %v, want an error that names the path", err)
	}
	answer, err := w.Call(context.Background(), "one.imagepool.info", -2, -1, -1)
	if err != nil || answer.Text != "<IMAGE_POOL></IMAGE_POOL>" {
		t.Errorf("an image of a refused call exists: %v %s", err, answer.Text)
	}
}

// TestNoCapacity: the VM stays pending, with the reason for each host.
func TestNoCapacity(t *testing.T) {
	w := open(t, 1, nil)
	vm, err := w.Call(context.Background(), "one.vm.allocate", "CPU=99\nMEMORY=64", false)
	if err != nil {
		t.Fatal(err)
	}
	w.until(t, "one.vm.info", vm.ID, "not enough CPU (99.00 asked, 8.00 free)")
}

// TestNoFreeLease: a VM for which there is no free lease is refused, and does not count in
// quotas.
func TestNoFreeLease(t *testing.T) {
	w := open(t, 1, nil)
	net, err := w.Call(context.Background(), "one.vn.allocate", "NAME=tiny\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=10.9.9.1,SIZE=1]", -1)
	if err != nil {
		t.Fatal(err)
	}
	const vm = "CPU=0.1\nMEMORY=64\nNIC=[NETWORK=tiny]"
	if _, err := w.Call(context.Background(), "one.vm.allocate", vm, true); err != nil {
		t.Fatal(err)
	}
	_, err = w.Call(context.Background(), "one.vm.allocate", vm, true)
	if err == nil || !strings.Contains(err.Error(), "IP/MAC") && !strings.Contains(err.Error(), "lease") {
		t.Errorf("got %v, want an error about leases", err)
	}
	info, err := w.Call(context.Background(), "one.vn.info", net.ID)
	if err != nil || !strings.Contains(info.Text, "<USED_LEASES>1</USED_LEASES>") {
		t.Errorf("leases: %v %s", err, info.Text)
	}
}

// TestLibvirtThatIsDown: the host goes into ERROR with the reason.
func TestLibvirtThatIsDown(t *testing.T) {
	w := open(t, -1, func(c *config.Config) { c.Libvirt.URI = "qemu+unix:///system?socket=/nonexistent/libvirt.sock" })
	host, err := w.Call(context.Background(), "one.host.allocate", "localhost", "kvm", "kvm", -1)
	if err != nil {
		t.Fatal(err)
	}
	w.until(t, "one.host.info", host.ID, "<STATE>3</STATE>")
	info := w.until(t, "one.host.info", host.ID, "<ERROR>")
	if !strings.Contains(info, "libvirt") {
		t.Errorf("the reason does not name libvirt: %s", info)
	}
}

// TestBadBodies are refused by the HTTP server, in bounded memory.
func TestBadBodies(t *testing.T) {
	w := open(t, -1, nil)
	for _, tt := range []struct{ name, body, says string }{
		{"truncated", "<?xml version='1.0'?><methodCall><methodName>one.vm.in", "-503"},
		{"depth 10,000", "<?xml version='1.0'?><methodCall><methodName>one.vm.info</methodName><params><param>" +
			strings.Repeat("<value><array><data>", 10000), "fault"},
		{"not XML", "hello", "-503"},
	} {
		resp, err := http.Post(w.endpoint, "text/xml", strings.NewReader(tt.body))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		body := make([]byte, 4096)
		n, _ := resp.Body.Read(body)
		resp.Body.Close()
		if !strings.Contains(string(body[:n]), tt.says) {
			t.Errorf("%s: got %s", tt.name, body[:n])
		}
	}
	conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(w.endpoint, "http://"), "/RPC2"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n<?xml", 1<<30)
	reply := make([]byte, 64)
	n, err := conn.Read(reply)
	if err != nil || !strings.Contains(string(reply[:n]), "413") {
		t.Errorf("a body of 1 GB: got %q %v, want 413", reply[:n], err)
	}
}

// TestSecondServerOnTheSameData is refused because of the lock.
func TestSecondServerOnTheSameData(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("ONE_AUTH", filepath.Join(dir, "one_auth"))
	c := config.Default()
	c.Markets = config.Markets{} // tests reach for nothing outside
	c.Data, c.Auth.HashCost = filepath.Join(dir, "data"), 4
	first, err := server.New(c, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	_, err = server.New(c, zerolog.Nop())
	if err == nil || !strings.Contains(err.Error(), "another renkei serves this data already") {
		t.Errorf("got %v", err)
	}
	info, err := os.Stat(os.Getenv("ONE_AUTH"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("auth file: %v %v, want mode 0600", info, err)
	}
}
