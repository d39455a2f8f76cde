package replay

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// answer is an HTTP response.
type answer struct {
	status string // "200 OK"
	body   string
}

// sender sends steps to the endpoint in the way that they were recorded.
type sender struct {
	endpoint *url.URL
	client   *http.Client
}

func (s sender) send(ctx context.Context, name string, raw bool, request string) (answer, error) {
	if raw {
		return s.sendRaw(ctx, request)
	}
	req, err := s.request(ctx, shapes[name], request)
	if err != nil {
		return answer{}, err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	return readAnswer(resp)
}

func (s sender) request(ctx context.Context, sh shape, body string) (*http.Request, error) {
	target := *s.endpoint
	if query, ok := strings.CutPrefix(sh.path, "?"); ok {
		target.RawQuery = query
	} else if sh.path != "" {
		target.Path = sh.path
	}
	method := http.MethodPost
	if sh.method != "" {
		method = sh.method
	}
	req, err := http.NewRequestWithContext(ctx, method, target.String(), strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	req.Header.Set("Content-Type", "text/xml")
	for name, value := range sh.header {
		req.Header.Set(name, value)
		if value == "" {
			req.Header.Del(name)
		}
	}
	return req, nil
}

// readAnswer reads the whole body, and decompresses it if necessary.
func readAnswer(resp *http.Response) (answer, error) {
	body := io.Reader(resp.Body)
	if resp.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(resp.Body)
		if err != nil {
			return answer{}, fmt.Errorf("unpacking the answer: %w", err)
		}
		body = unpacked
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return answer{}, fmt.Errorf("reading the answer: %w", err)
	}
	return answer{status: resp.Status, body: string(data)}, nil
}
