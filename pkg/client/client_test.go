package client_test

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/client"
	"github.com/renkei-vpe/renkei/pkg/one"
)

const head = `<?xml version="1.0" encoding="UTF-8"?>` + "\n<methodResponse>\n"

// envelope wraps values as oned does.
func envelope(values ...string) string {
	return head + "<params>\n<param><value><array><data>\n<value>" + strings.Join(values, "</value>\n<value>") +
		"</value>\n</data></array></value></param>\n</params>\n</methodResponse>\n"
}

// answering makes a client of a server that always gives the same answer.
func answering(t *testing.T, body string) *client.Client {
	t.Helper()
	return against(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }))
}

func against(t *testing.T, handler http.Handler) *client.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return newClient(t, client.Config{Endpoint: server.URL + "/RPC2", Auth: "oneadmin:secret"})
}

func newClient(t *testing.T, cfg client.Config) *client.Client {
	t.Helper()
	c, err := client.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		want client.Answer
	}{
		"document": {
			envelope("<boolean>1</boolean>", "<string>&lt;VM&gt;&lt;NAME&gt;&lt;![CDATA[ü &amp; x]]&gt;&lt;/NAME&gt;&lt;/VM&gt;</string>", "<i4>0</i4>"),
			client.Answer{Text: "<VM><NAME><![CDATA[ü & x]]></NAME></VM>"},
		},
		"number":         {envelope("<boolean>1</boolean>", "<i4>42</i4>", "<i4>0</i4>"), client.Answer{ID: 42}},
		"long number":    {envelope("<boolean>1</boolean>", "<i8>42</i8>", "<i4>0</i4>"), client.Answer{ID: 42}},
		"empty text":     {envelope("<boolean>1</boolean>", "<string></string>", "<i4>0</i4>"), client.Answer{}},
		"only one part":  {envelope("<boolean>1</boolean>"), client.Answer{}},
		"only two parts": {envelope("<boolean>1</boolean>", "<string>7.4.0</string>"), client.Answer{Text: "7.4.0"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := answering(t, test.body).Call(t.Context(), "one.vm.info", 7)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRefusalsAreTyped(t *testing.T) {
	t.Parallel()
	c := answering(t, envelope("<boolean>0</boolean>", "<string>[one.vm.info] Error getting virtual machine [99].</string>",
		"<i4>1024</i4>", "<i4>99</i4>", "<i8>-1</i8>"))
	_, err := c.Call(t.Context(), "one.vm.info", 99)
	if !errors.Is(err, one.ErrNoExists) {
		t.Errorf("%v is not ErrNoExists", err)
	}
	want := &one.Error{Code: one.CodeNoExists, ID: 99, Msg: "[one.vm.info] Error getting virtual machine [99]."}
	if diff := cmp.Diff(error(want), err); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func TestFaultsAreTyped(t *testing.T) {
	t.Parallel()
	c := answering(t, head+`<fault><value><struct><member><name>faultCode</name><value><i4>-506</i4></value></member>`+
		`<member><name>faultString</name><value><string>Method 'one.vm.fly' not defined</string></value></member></struct></value></fault></methodResponse>`)
	_, err := c.Call(t.Context(), "one.vm.fly")
	fault := new(client.Fault)
	if !errors.As(err, &fault) || fault.Code != -506 || fault.Text != "Method 'one.vm.fly' not defined" {
		t.Fatalf("got %v, want the fault", err)
	}
	if !strings.Contains(err.Error(), "does not know this call") {
		t.Errorf("%q does not say what is wrong", err)
	}
}

// TestAdvice checks that each way not to get an answer says what to do.
func TestAdvice(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(nil)
	gone.Close()
	tests := map[string]struct {
		client *client.Client
		want   string
	}{
		"nobody there": {newClient(t, client.Config{Endpoint: gone.URL}), "connection refused. Is `renkei serve` running there?"},
		"no such host": {newClient(t, client.Config{Endpoint: "http://nowhere.invalid/RPC2"}), "no address for nowhere.invalid. Check the host name"},
		"another page": {against(t, http.NotFoundHandler()), "HTTP status 404 Not Found. Is this the XML-RPC endpoint?"},
		"a web site":   {answering(t, "<html><body>hello</body></html>"), "the answer is not OpenNebula's XML-RPC"},
		"nothing":      {answering(t, ""), "the answer is not OpenNebula's XML-RPC"},
		"half of it":   {answering(t, head+"<params><param><value><array><data>"), "the answer is not OpenNebula's XML-RPC"},
		"other RPC":    {answering(t, envelope("<string>hello</string>", "<string>x</string>")), "first element is string, not a boolean"},
		"no elements":  {answering(t, strings.ReplaceAll(envelope(""), "<value></value>", "")), "an array of 0 elements"},
		"no message":   {answering(t, envelope("<boolean>0</boolean>")), "a refusal without a message"},
		"hung up": {against(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })),
			"The server closed the connection"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := test.client.Call(t.Context(), "one.system.version")
			var transport *client.TransportError
			if !errors.As(err, &transport) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q in it", err, test.want)
			}
		})
	}
}

// silence is a server that never answers until its caller is gone.
func silence(t *testing.T) (string, <-chan struct{}) {
	t.Helper()
	asked := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // or the end of the connection goes unnoticed
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func TestCallsCanBeCancelled(t *testing.T) {
	t.Parallel()
	endpoint, asked := silence(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	_, err := newClient(t, client.Config{Endpoint: endpoint}).Call(ctx, "one.vm.info", 1)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestCallsEndAfterTheTimeout(t *testing.T) {
	t.Parallel()
	endpoint, _ := silence(t)
	_, err := newClient(t, client.Config{Endpoint: endpoint, Timeout: 20 * time.Millisecond}).Call(t.Context(), "one.vm.info", 1)
	if err == nil || !strings.Contains(err.Error(), "no answer in time") {
		t.Errorf("got %v, want it to say that the time is over", err)
	}
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, envelope("<boolean>1</boolean>", "<string>7.4.0</string>", "<i4>0</i4>"))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // a refused handshake is expected
	server.StartTLS()
	t.Cleanup(server.Close)
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]client.Config{"file": {CAFile: ca}, "directory": {CAFile: dir}, "no check": {SkipVerify: true}} {
		cfg.Endpoint = server.URL
		if _, err := newClient(t, cfg).Call(t.Context(), "one.system.version"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := newClient(t, client.Config{Endpoint: server.URL}).Call(t.Context(), "one.system.version")
	if err == nil || !strings.Contains(err.Error(), "ONE_CERT_DIR") {
		t.Errorf("a stranger's certificate: got %v, want advice about ONE_CERT_DIR", err)
	}
}

func TestUselessSettingsAreRefused(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, cfg := range []client.Config{
		{Endpoint: "localhost:2633"}, {Endpoint: "ftp://x/"}, {Endpoint: "http://"}, {Endpoint: "http://[::1"},
		{CAFile: empty}, {CAFile: filepath.Join(t.TempDir(), "missing.pem")},
	} {
		if _, err := client.New(cfg); err == nil {
			t.Errorf("%+v was taken", cfg)
		}
	}
}
