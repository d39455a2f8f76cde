package drivertest

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// What lets a client into a fake S3 store.
const (
	S3KeyID  = "AKIDEXAMPLE"
	S3Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	S3Region = "eu-test-1"
)

// S3 is a store on the loopback that lets nobody in whose signature is wrong.
type S3 struct {
	*httptest.Server
	Parts *atomic.Int32 // parts of uploads that have arrived
}

// NewS3 serves an empty store until the test ends.
func NewS3(t *testing.T) S3 {
	t.Helper()
	store := gofakes3.New(s3mem.New(), gofakes3.WithLogger(gofakes3.DiscardLog())).Server()
	f := S3{Parts: new(atomic.Int32)}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got, want := s3Given(r), s3Signature(r); got != want {
			t.Errorf("%s %s: the signature is %s, want %s", r.Method, r.URL, got, want)
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if r.URL.Query().Has("partNumber") {
			f.Parts.Add(1)
		}
		store.ServeHTTP(w, unchunked(r))
	}))
	t.Cleanup(f.Close)
	return f
}

// unchunked undoes the chunks of a body that is signed on the way: the store behind
// does not in parts of an upload.
func unchunked(r *http.Request) *http.Request {
	if r.Header.Get("X-Amz-Content-Sha256") != "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" {
		return r
	}
	r = r.Clone(r.Context())
	r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	r.Header.Set("Content-Length", r.Header.Get("X-Amz-Decoded-Content-Length"))
	r.ContentLength, _ = strconv.ParseInt(r.Header.Get("Content-Length"), 10, 64)
	in, out := bufio.NewReader(r.Body), &bytes.Buffer{}
	for {
		head, err := in.ReadString('\n') // SIZE;chunk-signature=…
		size, _, _ := strings.Cut(head, ";")
		n, _ := strconv.ParseInt(size, 16, 64)
		if err != nil || n == 0 {
			break
		}
		_, _ = io.CopyN(out, in, n)
		_, _ = in.Discard(len("\r\n"))
	}
	r.Body = io.NopCloser(out)
	return r
}

// s3Part answers a part of the header Authorization.
func s3Part(r *http.Request, name string) string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), name+"=")
	value, _, _ := strings.Cut(rest, ",")
	return value
}

// s3Given answers the signature that a request bears.
func s3Given(r *http.Request) string { return s3Part(r, "Signature") }

// s3Signature computes what signs a request, as Amazon's documentation of version 4
// says: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
func s3Signature(r *http.Request) string {
	var headers strings.Builder
	names := strings.Split(s3Part(r, "SignedHeaders"), ";")
	for _, name := range names {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = fmt.Sprint(r.ContentLength)
		}
		fmt.Fprintf(&headers, "%s:%s\n", name, strings.TrimSpace(value))
	}
	query := r.URL.Query()
	canonical := strings.Join([]string{
		r.Method, (&url.URL{Path: r.URL.Path}).EscapedPath(), strings.ReplaceAll(query.Encode(), "+", "%20"), headers.String(),
		strings.Join(names, ";"), r.Header.Get("X-Amz-Content-Sha256"),
	}, "\n")
	date := r.Header.Get("X-Amz-Date")
	day := date[:min(8, len(date))]
	if !slices.Contains(names, "host") || s3Part(r, "Credential") != S3KeyID+"/"+day+"/"+S3Region+"/s3/aws4_request" {
		return "one of other keys, or of another region"
	}
	sum := sha256.Sum256([]byte(canonical))
	key := []byte("AWS4" + S3Secret)
	for _, step := range []string{day, S3Region, "s3", "aws4_request"} {
		key = hmacOf(key, step)
	}
	return hex.EncodeToString(hmacOf(key, "AWS4-HMAC-SHA256\n"+date+"\n"+day+"/"+S3Region+"/s3/aws4_request\n"+hex.EncodeToString(sum[:])))
}

func hmacOf(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
