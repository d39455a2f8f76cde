package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/kolo/xmlrpc"
)

// Client calls one server as one user. It is safe for concurrent use.
type Client struct {
	endpoint string
	auth     string
	http     *http.Client
}

// New makes a client; it does not connect yet.
func New(cfg Config) (*Client, error) {
	if cfg.Endpoint == "" {
		cfg.Endpoint = DefaultEndpoint
	}
	u, err := url.Parse(cfg.Endpoint)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("endpoint %q is not a URL such as %s", cfg.Endpoint, DefaultEndpoint)
	}
	transport, err := newTransport(cfg)
	if err != nil {
		return nil, err
	}
	return &Client{
		endpoint: cfg.Endpoint,
		auth:     cfg.Auth,
		http:     &http.Client{Transport: transport, Timeout: cfg.Timeout},
	}, nil
}

// Endpoint is the URL that is called.
func (c *Client) Endpoint() string { return c.endpoint }

// Call calls a method as the client's user: the session string is put before
// the arguments. What the server refuses is a *one.Error, what it does not
// understand a *Fault, and an answer that never came a *TransportError.
func (c *Client) Call(ctx context.Context, method string, args ...any) (Answer, error) {
	body, err := c.post(ctx, method, append([]any{c.auth}, args...))
	if err != nil {
		return Answer{}, err
	}
	return c.decode(method, body)
}

func (c *Client) post(ctx context.Context, method string, params []any) ([]byte, error) {
	req, err := xmlrpc.NewRequest(c.endpoint, method, params)
	if err != nil {
		return nil, fmt.Errorf("writing the call of %s: %w", method, err)
	}
	resp, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		return nil, c.transportError(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, &TransportError{Endpoint: c.endpoint, Err: statusError(resp.StatusCode)}
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, c.transportError(ctx, err)
	}
	return body, nil
}
