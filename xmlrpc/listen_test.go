package xmlrpc

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// slow is a registry with a method that reports its start, and ends on a signal or with its
// context.
func slow(t *testing.T, begun chan<- bool, may <-chan bool) *Registry {
	t.Helper()
	r := New()
	err := r.Add(Method{Name: "slow", Handle: func(ctx context.Context, _ *Call) (any, error) {
		begun <- true
		select {
		case <-may:
			return "done", nil
		case <-ctx.Done():
			return nil, Faultf(1, "cut off")
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// serving is a running server, for tests of its end.
type serving struct {
	url  string
	stop context.CancelFunc
	done chan error
}

func serve(t *testing.T, s *Server) serving {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	return serving{url: "http://" + l.Addr().String() + DefaultPath, stop: cancel, done: done}
}

// ask calls the slow method in the background.
func (s serving) ask(t *testing.T) <-chan string {
	answer := make(chan string, 1)
	c, body := client(t), mustCall(t, "slow")
	go func() {
		resp, err := c.Post(s.url, "text/xml", strings.NewReader(body))
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		answer <- string(b)
		if err != nil {
			t.Error(err)
		}
	}()
	return answer
}

func TestDrain(t *testing.T) {
	t.Parallel()
	begun, may := make(chan bool), make(chan bool)
	s := serve(t, &Server{Registry: slow(t, begun, may)})
	answer := s.ask(t)
	<-begun
	s.stop()
	for { // the port is closed at once
		conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), DefaultPath))
		if err != nil {
			break
		}
		conn.Close()
	}
	close(may)
	if got := <-answer; !strings.Contains(got, "done") {
		t.Errorf("the call under way got %q", got)
	}
	if err := <-s.done; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestDrainCutsOff(t *testing.T) {
	t.Parallel()
	begun := make(chan bool)
	s := serve(t, &Server{Registry: slow(t, begun, nil), Grace: 10 * time.Millisecond})
	answer := s.ask(t)
	<-begun
	s.stop()
	if got := <-answer; !strings.Contains(got, "cut off") {
		t.Errorf("the call under way got %q", got)
	}
	if err := <-s.done; err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("Serve: got %v, want that calls were cut off", err)
	}
}

func TestCallTimeout(t *testing.T) {
	t.Parallel()
	begun := make(chan bool, 1)
	s := serve(t, &Server{Registry: slow(t, begun, nil), Limits: Limits{CallTimeout: 10 * time.Millisecond}})
	if got := <-s.ask(t); !strings.Contains(got, "cut off") {
		t.Errorf("got %q", got)
	}
	s.stop()
	if err := <-s.done; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// TestCallLongerThanReadTimeout: ReadTimeout does not limit the execution of a call.
func TestCallLongerThanReadTimeout(t *testing.T) {
	t.Parallel()
	r := New()
	err := r.Add(Method{Name: "slow", Handle: func(ctx context.Context, _ *Call) (any, error) {
		after := time.NewTimer(1500 * time.Millisecond)
		defer after.Stop()
		select {
		case <-after.C:
			return "done", nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, &Server{Registry: r, Limits: Limits{ReadTimeout: time.Second, WriteTimeout: time.Second}})
	if got := <-s.ask(t); !strings.Contains(got, "done") {
		t.Errorf("got %q", got)
	}
	s.stop()
	if err := <-s.done; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestServeOnClosedListener(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := (&Server{Registry: New()}).Serve(t.Context(), l); err == nil {
		t.Error("got no error")
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	files, pool := selfSigned(t)
	addr := start(t, &Server{Registry: demo(t), TLS: files, ErrorLog: log.New(io.Discard, "", 0)})
	c := client(t)
	c.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: pool}
	resp, body := post(t, c, "https://"+addr+DefaultPath, mustCall(t, "demo.echo", "hello"))
	if resp.TLS == nil || !strings.Contains(body, "hello") {
		t.Errorf("got TLS %v and %q", resp.TLS, body)
	}
	if resp, err := client(t).Get("http://" + addr); err == nil {
		resp.Body.Close()
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("plain HTTP got %s, want 400", resp.Status)
		}
	}
}

func TestTLSFilesMissing(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	err = (&Server{Registry: New(), TLS: TLSFiles{Cert: "/nonexistent/cert.pem", Key: "k"}}).Serve(t.Context(), l)
	if err == nil || !strings.Contains(err.Error(), "/nonexistent/cert.pem") {
		t.Errorf("got %v, want an error that names the file", err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("the listener is still open")
	}
}

// selfSigned writes a certificate for the loopback, and its key.
func selfSigned(t *testing.T) (TLSFiles, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	files := TLSFiles{Cert: writePEM(t, "CERTIFICATE", cert), Key: writePEM(t, "PRIVATE KEY", private)}
	pool := x509.NewCertPool()
	parsed, err := x509.ParseCertificate(cert)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(parsed)
	return files, pool
}

func writePEM(t *testing.T, kind string, der []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
