// Package webget reads the lists that public marketplaces publish: small
// documents from web servers that may be far away, slow, or not what they claim
// to be. So the time is limited, and the size, and an error says who answered.
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

// limit is how large a list may be. The largest that is known has 1 MiB.
const limit = 64 << 20

// Getter gets documents.
type Getter struct {
	// Agent is what the server is told of who asks.
	Agent string
	// HTTP is used in place of a client that gives up early.
	HTTP *http.Client
}

// impatient gives up where nobody answers. Its proxy is the environment's.
var impatient = &http.Client{
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

// Get answers a document, and the URL where it was in the end, behind all
// redirections.
func (g Getter) Get(ctx context.Context, address string) (body []byte, at *url.URL, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("User-Agent", g.Agent)
	resp, err := g.client().Do(req)
	if err != nil {
		return nil, nil, err // it names the URL
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
	return impatient
}
