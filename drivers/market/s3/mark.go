package s3

import (
	"context"
	"fmt"

	"github.com/minio/minio-go/v7"

	"github.com/renkei-vpe/renkei/drivers"
)

// markName is the name of the metadata of an object that identify its app. Apps of two front ends
// that share a bucket may have the same IDs: a front end must not overwrite objects of the other,
// but may overwrite its own when it repeats an Import.
const markName = "Renkei-App"

// mark returns the metadata for an app.
func mark(m drivers.Market, app drivers.AppSpec) string {
	return fmt.Sprintf("%d-%d-%d", m.ID, app.ID, app.Made)
}

// owner tells who created the object that has the name of an app's object.
type owner int

const (
	nobody owner = iota // there is no such object
	ours                // it is of this app
	others              // it is of an app of another front end
)

// owner returns who created the object that has the name of the app's object.
func (b bucket) owner(ctx context.Context, m drivers.Market, app drivers.AppSpec) (owner, error) {
	name := b.object(app)
	info, err := b.client.StatObject(ctx, b.name, name, minio.StatObjectOptions{})
	switch {
	case err != nil && missing(err):
		return nobody, nil
	case err != nil:
		return nobody, fmt.Errorf("looking for %s: %w", b.source(name), err)
	case info.UserMetadata[markName] == mark(m, app):
		return ours, nil
	}
	return others, nil
}
