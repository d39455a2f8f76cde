// Package s3 is the market driver "s3". It stores the apps of a marketplace as objects in a bucket
// of Amazon S3 or of a compatible server, such as Ceph or MinIO. Marketplaces have the same
// attributes as with OpenNebula's driver.
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

// Store is the market driver. It has no state except connections.
type Store struct {
	transport http.RoundTripper
}

var (
	_ drivers.AppStore  = (*Store)(nil)
	_ drivers.AppOpener = (*Store)(nil)
)

// New creates a Store. Its transport is net/http's, which reads root certificates when the first
// connection needs them; minio-go's own reads them at once, which takes more than 1 MB.
func New() *Store {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true // objects are read as they are stored
	transport.ResponseHeaderTimeout = time.Minute
	return &Store{transport: transport}
}

// Import implements drivers.AppStore. It computes the MD5 while it uploads content. The object only
// appears in the bucket after a complete upload.
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

// prepare creates the bucket if it does not exist, and aborts incomplete uploads of an earlier
// Import of the same app. It returns an error if another front end has an object of the same name.
func (b bucket) prepare(ctx context.Context, m drivers.Market, app drivers.AppSpec) error {
	exists, err := b.client.BucketExists(ctx, b.name)
	if err != nil {
		return fmt.Errorf("looking for bucket %s: %w", b.name, err)
	}
	if !exists {
		if err := b.client.MakeBucket(ctx, b.name, minio.MakeBucketOptions{Region: b.region}); err != nil {
			return fmt.Errorf("making bucket %s: %w", b.name, err)
		}
		return nil
	}
	switch owner, err := b.owner(ctx, m, app); {
	case err != nil:
		return err
	case owner == others:
		return fmt.Errorf("Object '%s' already exists.", b.object(app))
	}
	b.abort(ctx, app)
	return nil
}

// abort aborts incomplete uploads of an app, for example after a crash. They are not listed as
// objects, but take space. Errors are ignored, so that keys without the permission to list uploads
// can import apps.
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
	} else if owner, err := b.owner(ctx, m, app); err != nil || owner != ours {
		b.abort(ctx, app)
		return err
	}
	err = b.client.RemoveObject(ctx, b.name, name, minio.RemoveObjectOptions{})
	if err != nil && !missing(err) {
		return fmt.Errorf("marketplace %d: deleting %s: %w", m.ID, b.source(name), err)
	}
	return nil
}

// missing tells whether an error means that an object or bucket does not exist.
func missing(err error) bool {
	var response minio.ErrorResponse
	return errors.As(err, &response) && response.StatusCode == http.StatusNotFound
}
