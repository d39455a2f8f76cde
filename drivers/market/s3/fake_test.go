package s3

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
	"github.com/minio/minio-go/v7"

	"github.com/renkei-vpe/renkei/drivers"
)

const (
	keyID  = "AKIDEXAMPLE"
	secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	region = "eu-test-1"
)

// fake is an S3 store on the loopback that lets nobody in whose signature is wrong.
type fake struct {
	*httptest.Server
	parts *atomic.Int32 // of uploads, that have arrived
}

func newFake(t *testing.T) fake {
	t.Helper()
	s3 := gofakes3.New(s3mem.New(), gofakes3.WithLogger(gofakes3.DiscardLog())).Server()
	f := fake{parts: new(atomic.Int32)}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got, want := given(r), signature(r); got != want {
			t.Errorf("%s %s: the signature is %s, want %s", r.Method, r.URL, got, want)
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if r.URL.Query().Has("partNumber") {
			f.parts.Add(1)
		}
		s3.ServeHTTP(w, unchunked(r))
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

// part answers a part of the header Authorization.
func part(r *http.Request, name string) string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), name+"=")
	value, _, _ := strings.Cut(rest, ",")
	return value
}

func given(r *http.Request) string { return part(r, "Signature") }

// signature computes what signs a request, as Amazon's documentation of version 4
// says: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
func signature(r *http.Request) string {
	var headers strings.Builder
	names := strings.Split(part(r, "SignedHeaders"), ";")
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
	if !slices.Contains(names, "host") || part(r, "Credential") != keyID+"/"+day+"/"+region+"/s3/aws4_request" {
		return "one of other keys, or of another region"
	}
	sum := sha256.Sum256([]byte(canonical))
	key := []byte("AWS4" + secret)
	for _, step := range []string{day, region, "s3", "aws4_request"} {
		key = hash(key, step)
	}
	return hex.EncodeToString(hash(key, "AWS4-HMAC-SHA256\n"+date+"\n"+day+"/"+region+"/s3/aws4_request\n"+hex.EncodeToString(sum[:])))
}

func hash(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// market is a marketplace in a bucket of the fake store.
func (f fake) market(attrs ...string) drivers.Market {
	m := drivers.Market{ID: 100}
	all := append([]string{
		"ACCESS_KEY_ID", keyID, "SECRET_ACCESS_KEY", secret, "REGION", region, "BUCKET", "apps", "ENDPOINT", f.URL,
		"FORCE_PATH_STYLE", "YES",
	}, attrs...)
	for i := 0; i < len(all); i += 2 {
		m.Attrs.Set(all[i], all[i+1])
	}
	return m
}

func newStore(t *testing.T) *Store {
	t.Helper()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// leftovers counts objects, and uploads that did not end.
func leftovers(t *testing.T, s *Store, m drivers.Market) (n int) {
	t.Helper()
	b, err := s.bucketOf(m)
	if err != nil {
		t.Fatal(err)
	}
	for o := range b.client.ListObjectsIter(t.Context(), b.name, minio.ListObjectsOptions{Recursive: true}) {
		if o.Err != nil && !missing(o.Err) {
			t.Fatal(o.Err)
		}
		n++
	}
	for u := range b.client.ListIncompleteUploads(t.Context(), b.name, "", true) {
		if u.Err != nil {
			t.Fatal(u.Err)
		}
		n++
	}
	return n
}
