// Package s3 keeps the apps of a marketplace as objects in a bucket: at Amazon, or
// in any store that speaks S3, such as Ceph's or MinIO. The attributes of the
// marketplace are those of OpenNebula's market driver "s3".
package s3

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/renkei-vpe/renkei/drivers"
)

// Store is the market driver. It holds no state but connections.
type Store struct {
	transport http.RoundTripper
}

var (
	_ drivers.AppStore  = (*Store)(nil)
	_ drivers.AppOpener = (*Store)(nil)
)

// New makes a Store. Its transport is net/http's, which reads root certificates when the first
// connection needs them; minio-go's own reads them at once, which takes more than 1 MB.
func New() *Store {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true // files are stored as they are
	transport.ResponseHeaderTimeout = time.Minute
	return &Store{transport: transport}
}

// Import implements drivers.AppStore. The sum is taken on the way. Until all of the app
// is there, no object has its name.
func (s *Store) Import(ctx context.Context, m drivers.Market, app drivers.AppSpec, content io.Reader) (drivers.MarketFile, error) {
	b, err := s.bucketOf(m)
	if err != nil {
		return drivers.MarketFile{}, err
	}
	name := b.object(app)
	if err := b.prepare(ctx, m, app); err != nil {
		return drivers.MarketFile{}, fmt.Errorf("marketplace %d: %w", m.ID, err)
	}
	sum := md5.New()
	_, err = b.client.PutObject(ctx, b.name, name, io.TeeReader(content, sum), -1, minio.PutObjectOptions{
		PartSize: b.partBytes(app), SendContentMd5: true, ContentType: "application/octet-stream", UserMetadata: map[string]string{markName: mark(m, app)},
	})
	if err != nil {
		return drivers.MarketFile{}, fmt.Errorf("marketplace %d: writing %s: %w", m.ID, b.source(name), err)
	}
	return drivers.MarketFile{Source: b.source(name), MD5: hex.EncodeToString(sum.Sum(nil)), Format: app.Format, SizeMiB: app.SizeMiB}, nil
}

// prepare makes the bucket, if there is none, and clears away what an earlier Import of
// the same app left. What is not of that app stays.
func (b bucket) prepare(ctx context.Context, m drivers.Market, app drivers.AppSpec) error {
	there, err := b.client.BucketExists(ctx, b.name)
	if err != nil {
		return fmt.Errorf("looking for bucket %s: %w", b.name, err)
	}
	if !there {
		if err := b.client.MakeBucket(ctx, b.name, minio.MakeBucketOptions{Region: b.region}); err != nil {
			return fmt.Errorf("making bucket %s: %w", b.name, err)
		}
		return nil
	}
	switch whose, err := b.whose(ctx, m, app); {
	case err != nil:
		return err
	case whose == others:
		return fmt.Errorf("Object '%s' already exists.", b.object(app))
	}
	b.abort(ctx, app)
	return nil
}

// abort ends uploads that a crash cut short. They are no objects, and nobody sees them
// but on the bill; a key that may not list uploads may still bring apps.
func (b bucket) abort(ctx context.Context, app drivers.AppSpec) {
	_ = b.client.RemoveIncompleteUpload(ctx, b.name, b.object(app))
}

// Delete implements drivers.AppStore.
func (s *Store) Delete(ctx context.Context, m drivers.Market, app drivers.AppSpec, source string) error {
	b, err := s.bucketOf(m)
	if err != nil {
		return err
	}
	name := b.object(app)
	if source != "" {
		if b, name, err = b.at(source); err != nil {
			return fmt.Errorf("marketplace %d: %w", m.ID, err)
		}
	} else if whose, err := b.whose(ctx, m, app); err != nil || whose != ours {
		b.abort(ctx, app)
		return err
	}
	err = b.client.RemoveObject(ctx, b.name, name, minio.RemoveObjectOptions{})
	if err != nil && !missing(err) {
		return fmt.Errorf("marketplace %d: deleting %s: %w", m.ID, b.source(name), err)
	}
	return nil
}

// missing tells whether an error says that there is no such object, or no such bucket.
func missing(err error) bool {
	var answer minio.ErrorResponse
	return errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound
}
