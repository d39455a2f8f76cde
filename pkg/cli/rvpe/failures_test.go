package rvpe

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/client"
)

// TestLostWords: errors of connections have the messages of Ruby's libraries.
func TestLostWords(t *testing.T) {
	t.Parallel()
	here := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 3111}
	for want, err := range map[string]error{
		"Failed to open TCP connection to localhost:3111 (Connection refused - connect(2) for 127.0.0.1:3111)": &url.Error{
			Op: "Post", Err: &net.OpError{Op: "dial", Addr: here, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)},
		},
		"Failed to open TCP connection to localhost:3111 (Connection refused - connect(2) for localhost:3111)": syscall.ECONNREFUSED,
		"Failed to open TCP connection to localhost:3111 (getaddrinfo: Name or service not known)":             &net.DNSError{Name: "localhost"},
		"execution expired":                           &net.OpError{Op: "dial", Err: context.DeadlineExceeded},
		"Net::ReadTimeout with #<TCPSocket:(closed)>": &url.Error{Op: "Post", Err: context.DeadlineExceeded},
		"something else":                              errors.New("something else"),
	} {
		if got := lostWords(&client.TransportError{Endpoint: "http://localhost:3111/", Err: err}); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
}

func TestHostPort(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"http://site:3111/": "site 3111", "http://site/": "site 80", "https://site/x": "site 443", "http://[::1]:7/": "::1 7",
	} {
		if host, port := hostPort(endpoint); host+" "+port != want {
			t.Errorf("%s: %s %s, want %s", endpoint, host, port, want)
		}
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &progress{out: &out, size: 4}
	p.add(1)
	p.add(9) // more than announced
	p.end()
	want := "\rTransfer( 25%): |===============                                             |" +
		"\rTransfer(100%): |============================================================|\n"
	if got := out.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
