package s3

import (
	"context"
	"fmt"

	"github.com/minio/minio-go/v7"

	"github.com/renkei-vpe/renkei/drivers"
)

// totalMiB is the default of TOTAL_MB: 1 TiB.
const totalMiB = 1 << 20

// Look implements drivers.Marketplace. It returns the size of all objects in the bucket, and
// TOTAL_MB.
func (s *Store) Look(ctx context.Context, m drivers.Market) (drivers.MarketReport, error) {
	b, err := s.bucketOf(m)
	if err != nil {
		return drivers.MarketReport{}, err
	}
	bytes, err := b.bytes(ctx)
	if err != nil && !missing(err) { // the bucket is created with the first app
		return drivers.MarketReport{}, fmt.Errorf("marketplace %d: looking at bucket %s: %w", m.ID, b.name, err)
	}
	total := int64(totalMiB)
	if mib, given := m.Attrs.Int("TOTAL_MB"); given {
		total = int64(mib)
	}
	used := (bytes + 1<<20 - 1) >> 20
	return drivers.MarketReport{Usage: drivers.Usage{TotalMiB: total, UsedMiB: used, FreeMiB: max(0, total-used)}}, nil
}

// bytes returns the size of all objects in the bucket.
func (b bucket) bytes(ctx context.Context) (sum int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // stops the listing after an error
	for object := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Recursive: true, UseV1: true}) {
		if object.Err != nil {
			return 0, object.Err
		}
		sum += object.Size
	}
	return sum, ctx.Err()
}

// Open implements drivers.AppOpener.
func (s *Store) Open(ctx context.Context, m drivers.Market, source string) (drivers.Content, error) {
	b, err := s.bucketOf(m)
	if err != nil {
		return drivers.Content{}, err
	}
	b, name, err := b.at(source)
	if err != nil {
		return drivers.Content{}, fmt.Errorf("marketplace %d: %w", m.ID, err)
	}
	object, info, _, err := minio.Core{Client: b.client}.GetObject(ctx, b.name, name, minio.GetObjectOptions{})
	if err != nil {
		return drivers.Content{}, fmt.Errorf("marketplace %d: reading %s: %w", m.ID, source, err)
	}
	return drivers.Content{ReadCloser: object, Bytes: info.Size}, nil
}
