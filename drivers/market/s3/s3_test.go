package s3

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	drivertest.RunMarket(t, func(t *testing.T) drivertest.Market {
		f, s := drivertest.NewS3(t), New()
		m := market(f)
		return drivertest.Market{
			Driver: s, Market: m, Leftovers: func(t *testing.T) int { return leftovers(t, s, m) },
			Fetch: func(t *testing.T, source string) ([]byte, bool) { return fetch(t, s, m, source) },
		}
	})
}

// fetch returns the content of the object of a source, and whether it exists.
func fetch(t *testing.T, s *Store, m drivers.Market, source string) ([]byte, bool) {
	t.Helper()
	content, err := s.Open(t.Context(), m, source)
	if err != nil && missing(err) {
		return nil, false
	}
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	body, err := io.ReadAll(content)
	if err != nil || int64(len(body)) != content.Bytes {
		t.Errorf("%s: %d bytes, announced as %d, %v", source, len(body), content.Bytes, err)
	}
	return body, true
}

// An app that is larger than a part is uploaded in parts.
func TestMultipartUpload(t *testing.T) {
	t.Parallel()
	f, s := drivertest.NewS3(t), New()
	m := market(f, "READ_LENGTH", "5", "APP_PREFIX", "own", "TOTAL_MB", "20")
	app := bytes.Repeat([]byte("12345678"), 12<<20/8)
	file, err := s.Import(t.Context(), m, drivers.AppSpec{ID: 7, Format: "raw", SizeMiB: 12}, bytes.NewReader(app))
	sum := md5.Sum(app)
	if want := (drivers.MarketFile{Source: "s3://apps/own-7", MD5: hex.EncodeToString(sum[:]), Format: "raw", SizeMiB: 12}); err != nil || file != want {
		t.Errorf("got %+v, %v; want %+v", file, err, want)
	}
	if got, _ := fetch(t, s, m, file.Source); !bytes.Equal(got, app) {
		t.Errorf("what arrived are %d bytes of %d", len(got), len(app))
	}
	if n := f.Parts.Load(); n != 3 {
		t.Errorf("it came in %d parts, want 3", n)
	}
	report, err := s.Look(t.Context(), m)
	if want := (drivers.Usage{TotalMiB: 20, UsedMiB: 12, FreeMiB: 8}); err != nil || report.Usage != want || report.Apps != nil {
		t.Errorf("it sees %+v, %v; want %+v", report, err, want)
	}
}

// Two front ends that share a bucket do not overwrite or delete objects of each other.
func TestSharedBucket(t *testing.T) {
	t.Parallel()
	f, s := drivertest.NewS3(t), New()
	m := market(f)
	theirs, mine := drivers.AppSpec{ID: 1, Made: 10}, drivers.AppSpec{ID: 1, Made: 20}
	if _, err := s.Import(t.Context(), m, theirs, strings.NewReader("theirs")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Import(t.Context(), m, mine, strings.NewReader("mine")); err == nil || !strings.Contains(err.Error(), "Object 'marketapp-1' already exists.") {
		t.Errorf("it was overwritten: %v", err)
	}
	if err := s.Delete(t.Context(), m, mine, ""); err != nil {
		t.Error(err)
	}
	if got, _ := fetch(t, s, m, "s3://apps/marketapp-1"); string(got) != "theirs" {
		t.Errorf("what is there now is %q", got)
	}
}

// An app is deleted from the bucket of its SOURCE, even if BUCKET has changed.
func TestDeleteAfterBucketChanged(t *testing.T) {
	t.Parallel()
	f, s := drivertest.NewS3(t), New()
	app := drivers.AppSpec{ID: 1}
	file, err := s.Import(t.Context(), market(f), app, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), market(f, "BUCKET", "other"), app, file.Source); err != nil || leftovers(t, s, market(f)) != 0 {
		t.Errorf("it is still there, %v", err)
	}
	for _, source := range []string{"/etc/passwd", "s3://apps", "s3://apps/", "s3:///x"} {
		if err := s.Delete(t.Context(), market(f), app, source); err == nil || !strings.Contains(err.Error(), "no object") {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	denied := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	t.Cleanup(denied.Close)
	f, s := drivertest.S3{Server: denied}, New()
	for name, c := range map[string]struct {
		m    drivers.Market
		want string
	}{
		"keys":      {market(f), "Access Denied"},
		"no scheme": {market(f, "ENDPOINT", "store.example"), `ENDPOINT is "store.example": give it the form`},
		"a path":    {market(f, "ENDPOINT", "http://store.example/s3"), "give it the form"},
		"signature": {market(f, "SIGNATURE_VERSION", "v5"), `SIGNATURE_VERSION is "v5"`},
	} {
		_, look := s.Look(t.Context(), c.m)
		_, bring := s.Import(t.Context(), c.m, drivers.AppSpec{}, strings.NewReader(""))
		_, open := s.Open(t.Context(), c.m, "s3://apps/x")
		for what, err := range map[string]error{"Look": look, "Import": bring, "Open": open, "Delete": s.Delete(t.Context(), c.m, drivers.AppSpec{}, "")} {
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), drivertest.S3Secret) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
}

// The bucket is in the host name or in the path of requests, which are signed with
// SIGNATURE_VERSION.
func TestBucketLookupAndSignature(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		attrs      []string
		host, path string
		sign       string
	}{
		"at Amazon":        {[]string{"ENDPOINT", "", "FORCE_PATH_STYLE", "", "REGION", "eu-west-1"}, "apps.s3.dualstack.eu-west-1.amazonaws.com", "/", "AWS4-HMAC-SHA256 "},
		"name of the host": {[]string{"ENDPOINT", "https://store.example", "FORCE_PATH_STYLE", "no"}, "apps.store.example", "/", "AWS4-HMAC-SHA256 "},
		"path":             {[]string{"ENDPOINT", "https://store.example"}, "store.example", "/apps/", "AWS4-HMAC-SHA256 "},
		"old signature":    {[]string{"ENDPOINT", "http://store.example:7480", "SIGNATURE_VERSION", "s3"}, "store.example:7480", "/apps/", "AWS " + drivertest.S3KeyID + ":"},
		"address":          {[]string{"ENDPOINT", "http://192.0.2.1", "FORCE_PATH_STYLE", ""}, "192.0.2.1", "/apps/", "AWS4-HMAC-SHA256 "},
		"dots":             {[]string{"ENDPOINT", "https://store.example", "BUCKET", "a.b", "FORCE_PATH_STYLE", ""}, "store.example", "/a.b/", "AWS4-HMAC-SHA256 "},
	} {
		asked := &recorder{}
		_, err := (&Store{transport: asked}).Look(t.Context(), market(drivertest.S3{Server: &httptest.Server{}}, c.attrs...))
		if r := asked.last; err != nil || r == nil || r.URL.Host != c.host || r.URL.Path != c.path || !strings.HasPrefix(r.Header.Get("Authorization"), c.sign) {
			t.Errorf("%s: %+v, %v", name, asked.last, err)
		}
	}
}

// recorder records the last request and responds with 404.
type recorder struct{ last *http.Request }

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.last = req
	return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

// Incomplete uploads of an app are aborted when it is imported again and when it is deleted.
func TestIncompleteUploads(t *testing.T) {
	t.Parallel()
	f, s := drivertest.NewS3(t), New()
	m, app := market(f), drivers.AppSpec{ID: 5}
	b, err := s.bucketOf(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.prepare(t.Context(), m, app); err != nil {
		t.Fatal(err)
	}
	beginUpload := func() {
		t.Helper()
		if _, err := (minio.Core{Client: b.client}).NewMultipartUpload(t.Context(), b.name, b.object(app), minio.PutObjectOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	beginUpload()
	if _, err := s.Import(t.Context(), m, app, strings.NewReader("x")); err != nil || leftovers(t, s, m) != 1 {
		t.Errorf("brought again: %d objects and uploads, %v", leftovers(t, s, m), err)
	}
	if err := s.Delete(t.Context(), m, app, ""); err != nil {
		t.Error(err)
	}
	beginUpload()
	if err := s.Delete(t.Context(), m, app, ""); err != nil || leftovers(t, s, m) != 0 {
		t.Errorf("deleted: %d objects and uploads, %v", leftovers(t, s, m), err)
	}
}

// An app of the maximum size fits into maxParts parts, which are not too large for memory.
func TestPartSize(t *testing.T) {
	t.Parallel()
	b := bucket{partMiB: partMiB}
	for _, mib := range []int64{0, 1, 100 << 10, 1 << 20, maxMiB, 100 * maxMiB} {
		part := int64(b.partBytes(drivers.AppSpec{SizeMiB: mib}) >> 20)
		if part*maxParts < min(mib, maxMiB) || part > 600 || part < partMiB {
			t.Errorf("an app of %d MiB is sent in parts of %d MiB", mib, part)
		}
	}
}
