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

// defaultEndpoint is the endpoint of marketplaces without ENDPOINT.
const defaultEndpoint = "https://s3.amazonaws.com"

// maxTries is the number of times that a request is tried if it fails with a temporary error.
const maxTries = 4

// Limits of multipart uploads.
const (
	partMiB    = 32      // default size of a part (READ_LENGTH)
	minPartMiB = 5       // minimum size of a part in S3
	maxParts   = 10000   // maximum number of parts in S3
	maxMiB     = 5 << 20 // maximum size of an object in S3
)

// bucket is the bucket of a marketplace.
type bucket struct {
	client               *minio.Client
	name, region, prefix string
	partMiB              int64
}

// bucketOf returns the bucket of a marketplace from its attributes. It sends no request.
func (s *Store) bucketOf(m drivers.Market) (bucket, error) {
	get := m.Attrs.Get
	b := bucket{name: get("BUCKET"), region: get("REGION"), prefix: cmp.Or(get("APP_PREFIX"), "marketapp"), partMiB: partMiB}
	if mib, given := m.Attrs.Int("READ_LENGTH"); given {
		b.partMiB = max(int64(mib), minPartMiB)
	}
	at, err := endpoint(cmp.Or(get("ENDPOINT"), defaultEndpoint))
	if err != nil {
		return b, fmt.Errorf("marketplace %d: %w", m.ID, err)
	}
	keys, err := keysOf(get("ACCESS_KEY_ID"), get("SECRET_ACCESS_KEY"), get("SIGNATURE_VERSION"))
	if err != nil {
		return b, fmt.Errorf("marketplace %d: %w", m.ID, err)
	}
	b.client, err = minio.New(at.Host, &minio.Options{
		Creds: keys, Secure: at.Scheme == "https", Region: b.region, Transport: s.transport, MaxRetries: maxTries,
		BucketLookup: lookup(at, b.name, strings.EqualFold(get("FORCE_PATH_STYLE"), "yes")),
	})
	if err != nil {
		return b, fmt.Errorf("marketplace %d: ENDPOINT: %w", m.ID, err)
	}
	return b, nil
}

// endpoint parses ENDPOINT.
func endpoint(text string) (*url.URL, error) {
	at, err := url.Parse(text)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" || strings.Trim(at.Path, "/") != "" {
		return nil, fmt.Errorf("ENDPOINT is %q: give it the form http://HOST:PORT or https://HOST", text)
	}
	return at, nil
}

// keysOf returns the credentials for SIGNATURE_VERSION. "s3" is version 2, which old versions of
// Ceph need.
func keysOf(id, secret, version string) (*credentials.Credentials, error) {
	switch strings.ToLower(version) {
	case "", "v4", "s3v4":
		return credentials.NewStaticV4(id, secret, ""), nil
	case "s3", "v2":
		return credentials.NewStaticV2(id, secret, ""), nil
	}
	return nil, fmt.Errorf("SIGNATURE_VERSION is %q: it may be v4, which is the default, or s3", version)
}

// lookup tells whether the name of the bucket is in the host name of requests or in their path. It
// is in the path if the host is an IP address, or if the bucket has a dot in its name: wildcard
// certificates are only valid for one label.
func lookup(at *url.URL, bucket string, forcePath bool) minio.BucketLookupType {
	_, notAddress := netip.ParseAddr(at.Hostname())
	if forcePath || notAddress == nil || at.Scheme == "https" && strings.Contains(bucket, ".") {
		return minio.BucketLookupPath
	}
	return minio.BucketLookupDNS
}

// object returns the name of an app's object. It contains the ID of the app, which is never reused.
func (b bucket) object(app drivers.AppSpec) string { return fmt.Sprintf("%s-%d", b.prefix, app.ID) }

// source returns the SOURCE of the app that is stored in an object.
func (b bucket) source(object string) string { return "s3://" + b.name + "/" + object }

// at returns the bucket and the name of the object of a SOURCE. The bucket may differ from BUCKET,
// which may have changed since the app was imported.
func (b bucket) at(source string) (bucket, string, error) {
	path, ok := strings.CutPrefix(source, "s3://")
	name, object, both := strings.Cut(path, "/")
	if !ok || !both || name == "" || object == "" {
		return b, "", fmt.Errorf("%q is no object of a bucket", source)
	}
	b.name = name
	return b, object, nil
}

// partBytes returns the size of the parts of an app: READ_LENGTH, or more if the app would
// otherwise have more than maxParts parts.
func (b bucket) partBytes(app drivers.AppSpec) uint64 {
	needed := min(app.SizeMiB, maxMiB)/(maxParts*9/10) + 1 // 10% more: qcow2 files may exceed SizeMiB
	return uint64(max(b.partMiB, needed)) << 20
}
