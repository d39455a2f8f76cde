package rvpe

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"syscall"

	"github.com/renkei-vpe/renkei/pkg/client"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// inRubysWords converts errors of calls to the messages of RENKEI-VPE's commands, which are
// mostly those of Ruby's libraries.
func (s *session) inRubysWords(err error) error {
	var refused *one.Error
	var fault *client.Fault
	var lost *client.TransportError
	switch {
	case errors.As(err, &refused):
		return failf("%s", refused.Msg)
	case errors.As(err, &fault):
		return failf("%s", fault.Text)
	case errors.As(err, &lost):
		return failf("%s", lostWords(lost))
	}
	return failf("%v", err)
}

// lostWords is Ruby's message about a call without an answer.
func lostWords(lost *client.TransportError) string {
	host, port := hostPort(lost.Endpoint)
	var name *net.DNSError
	var op *net.OpError
	status, isStatus := lost.Status()
	switch {
	case errors.Is(lost, syscall.ECONNREFUSED):
		return fmt.Sprintf("Failed to open TCP connection to %s:%s (Connection refused - connect(2) for %s)", host, port, address(lost, host, port))
	case errors.As(lost, &name):
		return fmt.Sprintf("Failed to open TCP connection to %s:%s (getaddrinfo: Name or service not known)", host, port)
	case lost.Timeout() && errors.As(lost, &op) && op.Op == "dial":
		return "execution expired"
	case lost.Timeout():
		return "Net::ReadTimeout with #<TCPSocket:(closed)>"
	case isStatus:
		return fmt.Sprintf("HTTP-Error: %d %s", status, http.StatusText(status))
	}
	return lost.Err.Error()
}

// address is the address that could not be connected to.
func address(lost error, host, port string) string {
	var op *net.OpError
	if errors.As(lost, &op) && op.Addr != nil {
		return op.Addr.String()
	}
	return net.JoinHostPort(host, port)
}

func hostPort(endpoint string) (host, port string) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return endpoint, ""
	}
	switch {
	case u.Port() != "":
		return u.Hostname(), u.Port()
	case u.Scheme == "https":
		return u.Hostname(), "443"
	}
	return u.Hostname(), "80"
}
