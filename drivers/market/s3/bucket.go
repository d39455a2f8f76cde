package s3

import (
	"cmp"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/renkei-vpe/renkei/drivers"
)

// amazon is where buckets are whose marketplace has no ENDPOINT.
const amazon = "https://s3.amazonaws.com"

// tries are how often a request is tried whose failure may pass.
const tries = 4

// The parts in which an app is sent.
const (
	partMiB    = 32      // READ_LENGTH
	leastMiB   = 5       // S3 takes no smaller ones
	parts      = 10000   // nor more of them
	largestMiB = 5 << 20 // nor more than this in all
)

// bucket is where a marketplace keeps its apps.
type bucket struct {
	client               *minio.Client
	name, region, prefix string
	partMiB              int64
}

// bucketOf reads the attributes of a marketplace. Nothing is asked yet.
func (s *Store) bucketOf(m drivers.Market) (bucket, error) {
	get := m.Attrs.Get
	b := bucket{name: get("BUCKET"), region: get("REGION"), prefix: cmp.Or(get("APP_PREFIX"), "marketapp"), partMiB: partMiB}
	if mib, given := m.Attrs.Int("READ_LENGTH"); given {
		b.partMiB = max(int64(mib), leastMiB)
	}
	at, err := endpoint(cmp.Or(get("ENDPOINT"), amazon))
	if err != nil {
		return b, fmt.Errorf("marketplace %d: %w", m.ID, err)
	}
	keys, err := keysOf(get("ACCESS_KEY_ID"), get("SECRET_ACCESS_KEY"), get("SIGNATURE_VERSION"))
	if err != nil {
		return b, fmt.Errorf("marketplace %d: %w", m.ID, err)
	}
	b.client, err = minio.New(at.Host, &minio.Options{
		Creds: keys, Secure: at.Scheme == "https", Region: b.region, Transport: s.transport, MaxRetries: tries,
		BucketLookup: lookup(at, b.name, strings.EqualFold(get("FORCE_PATH_STYLE"), "yes")),
	})
	if err != nil {
		return b, fmt.Errorf("marketplace %d: ENDPOINT: %w", m.ID, err)
	}
	return b, nil
}

func endpoint(text string) (*url.URL, error) {
	at, err := url.Parse(text)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" || strings.Trim(at.Path, "/") != "" {
		return nil, fmt.Errorf("ENDPOINT is %q: give it the form http://HOST:PORT or https://HOST", text)
	}
	return at, nil
}

// keysOf reads SIGNATURE_VERSION: "s3" is the old one, of before 2014, which old
// versions of Ceph need.
func keysOf(id, secret, version string) (*credentials.Credentials, error) {
	switch strings.ToLower(version) {
	case "", "v4", "s3v4":
		return credentials.NewStaticV4(id, secret, ""), nil
	case "s3", "v2":
		return credentials.NewStaticV2(id, secret, ""), nil
	}
	return nil, fmt.Errorf("SIGNATURE_VERSION is %q: it may be v4, which is the default, or s3", version)
}

// lookup tells whether the bucket is part of the host's name or of the path. A host
// that is an address has no names below it, and no certificate is for two of them.
func lookup(at *url.URL, bucket string, forcePath bool) minio.BucketLookupType {
	_, notAddress := netip.ParseAddr(at.Hostname())
	if forcePath || notAddress == nil || at.Scheme == "https" && strings.Contains(bucket, ".") {
		return minio.BucketLookupPath
	}
	return minio.BucketLookupDNS
}

// object is the name of an app's object. It follows from the ID, which is never given
// twice.
func (b bucket) object(app drivers.AppSpec) string { return fmt.Sprintf("%s-%d", b.prefix, app.ID) }

func (b bucket) source(object string) string { return "s3://" + b.name + "/" + object }

// at answers the bucket and the object of a source. The marketplace may have been given
// another bucket since.
func (b bucket) at(source string) (bucket, string, error) {
	path, ok := strings.CutPrefix(source, "s3://")
	name, object, both := strings.Cut(path, "/")
	if !ok || !both || name == "" || object == "" {
		return b, "", fmt.Errorf("%q is no object of a bucket", source)
	}
	b.name = name
	return b, object, nil
}

// partBytes is how much is sent at once: so much that the parts suffice.
func (b bucket) partBytes(app drivers.AppSpec) uint64 {
	needed := min(app.SizeMiB, largestMiB)/(parts*9/10) + 1 // an image in qcow2 is a little larger than what is on it
	return uint64(max(b.partMiB, needed)) << 20
}
