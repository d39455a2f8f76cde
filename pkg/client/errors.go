package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// Fault is XML-RPC's own refusal: the server knows no such method, or the
// arguments have the wrong types.
type Fault struct {
	Method string
	Code   int
	Text   string
}

const faultNoMethod = -506 // XML-RPC for C: no such method

func (f *Fault) Error() string {
	if f.Code == faultNoMethod {
		return fmt.Sprintf("%s: the server does not know this call (%s); it may be of another version", f.Method, f.Text)
	}
	return fmt.Sprintf("%s: %s (fault %d)", f.Method, f.Text, f.Code)
}

// TransportError says that no answer came, or none that could be understood.
type TransportError struct {
	Endpoint string
	Err      error
}

func (e *TransportError) Error() string {
	return fmt.Sprintf("%s: %s. %s", e.Endpoint, reason(e.Err), e.advice())
}

func (e *TransportError) Unwrap() error { return e.Err }

var errNotXMLRPC = errors.New("the answer is not OpenNebula's XML-RPC")

// Status is the HTTP status that came instead of an answer; false when it was
// something else.
func (e *TransportError) Status() (status int, ok bool) {
	var s statusError
	ok = errors.As(e.Err, &s)
	return int(s), ok
}

type statusError int

func (s statusError) Error() string {
	return fmt.Sprintf("HTTP status %d %s", int(s), http.StatusText(int(s)))
}

// transportError leaves a cancelled call a cancelled call, so that callers see
// who ended it.
func (c *Client) transportError(ctx context.Context, err error) error {
	if cause := ctx.Err(); errors.Is(cause, context.Canceled) {
		return cause
	}
	return &TransportError{Endpoint: c.endpoint, Err: err}
}

// reason is the innermost part of an error that a person can use.
func reason(err error) string {
	var name *net.DNSError
	var call *url.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.As(err, &name):
		return "no address for " + name.Name
	case isTimeout(err):
		return "no answer in time"
	case errors.As(err, &call):
		return call.Err.Error()
	}
	return err.Error()
}

// advice is the sentence that says what to do.
func (e *TransportError) advice() string {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var status statusError
	switch {
	case errors.Is(e.Err, syscall.ECONNREFUSED):
		return "Is `renkei serve` running there? ONE_XMLRPC or --endpoint names another server."
	case errors.As(e.Err, &name):
		return "Check the host name in ONE_XMLRPC or --endpoint."
	case errors.As(e.Err, &certificate):
		return "Put the certificate of its authority into a directory and name that in ONE_CERT_DIR."
	case e.Timeout():
		return "The server may be busy or out of reach; ONE_XMLRPC_TIMEOUT sets how many seconds to wait."
	case errors.As(e.Err, &status), errors.Is(e.Err, errNotXMLRPC):
		return "Is this the XML-RPC endpoint? Its path is usually /RPC2."
	case strings.Contains(e.Err.Error(), "server gave HTTP response to HTTPS client"):
		return "This server speaks http; write the endpoint with http://."
	case errors.Is(e.Err, io.EOF), errors.Is(e.Err, io.ErrUnexpectedEOF):
		return "The server closed the connection; its log says why."
	}
	return "Is the server running, and is the endpoint right?"
}

// Timeout tells that the time to wait was up.
func (e *TransportError) Timeout() bool { return isTimeout(e.Err) }

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}
