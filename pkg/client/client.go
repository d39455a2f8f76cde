package client

import (
	"bytes"
	"context"
	"fmt"
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
	req, err := c.request(method, params)
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
	body, err := readAll(resp)
	if err != nil {
		return nil, c.transportError(ctx, err)
	}
	return body, nil
}

func (c *Client) request(method string, params []any) (*http.Request, error) {
	body, ok := plainCall(method, params)
	if !ok {
		return xmlrpc.NewRequest(c.endpoint, method, params)
	}
	req, err := http.NewRequest(http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err == nil {
		req.Header.Set("Content-Type", "text/xml")
	}
	return req, err
}

// readAll reads an answer at once where its length has been told.
func readAll(resp *http.Response) ([]byte, error) {
	var b bytes.Buffer
	if resp.ContentLength > 0 && resp.ContentLength < mostAtOnce {
		b.Grow(int(resp.ContentLength) + bytes.MinRead)
	}
	_, err := b.ReadFrom(resp.Body)
	return b.Bytes(), err
}

// mostAtOnce is as much room as is made because a server says that so much will come.
const mostAtOnce = 64 << 20
