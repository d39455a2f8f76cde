package s3

import (
	"context"
	"fmt"

	"github.com/minio/minio-go/v7"

	"github.com/renkei-vpe/renkei/drivers"
)

// markName names what says of which app an object is. Two front ends may use one
// bucket, and count their apps alike: neither shall overwrite what the other one
// brought. An Import that is repeated finds its own.
const markName = "Renkei-App"

func mark(m drivers.Market, app drivers.AppSpec) string {
	return fmt.Sprintf("%d-%d-%d", m.ID, app.ID, app.Made)
}

// owner is to whom the object of an app's name belongs.
type owner int

const (
	nobody owner = iota // there is no such object
	ours
	others
)

// whose tells to whom the object of an app's name belongs.
func (b bucket) whose(ctx context.Context, m drivers.Market, app drivers.AppSpec) (owner, error) {
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
