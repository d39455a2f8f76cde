// Package webget downloads the lists of apps of public marketplaces. As their web servers may be
// slow or not trustworthy, it limits the time and the size. Errors contain the URL.
package webget

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// limit is the maximum size of a document. The largest known list has 1 MiB.
const limit = 64 << 20

// Getter downloads documents.
type Getter struct {
	// Agent is the User-Agent of requests.
	Agent string
	// HTTP replaces the default client, which has short timeouts.
	HTTP *http.Client
}

// defaultClient has short timeouts. It uses the proxy of the environment.
var defaultClient = &http.Client{
	Timeout: time.Minute,
	Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		IdleConnTimeout:       30 * time.Second,
		ForceAttemptHTTP2:     true,
	},
}

// Get returns a document and its URL after redirections.
func (g Getter) Get(ctx context.Context, address string) (body []byte, at *url.URL, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("User-Agent", g.Agent)
	resp, err := g.client().Do(req)
	if err != nil {
		return nil, nil, err // it contains the URL
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	at = resp.Request.URL
	if resp.StatusCode != http.StatusOK {
		return nil, at, fmt.Errorf("GET %s: the server answers %s", at, resp.Status)
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err == nil && len(body) > limit {
		err = fmt.Errorf("the answer is larger than %d MiB", limit>>20)
	}
	if err != nil {
		return nil, at, fmt.Errorf("GET %s: %w", at, err)
	}
	return body, at, nil
}

func (g Getter) client() *http.Client {
	if g.HTTP != nil {
		return g.HTTP
	}
	return defaultClient
}
