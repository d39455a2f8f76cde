package imagerun

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Find tells what the file of an image is that its owner put into place. A driver
// that cannot tell leaves what is known.
func (r *Runner) Find(ctx context.Context, snap *store.Snap, imageID int) (drivers.Stored, error) {
	img, err := image.Kind.Get(snap, imageID)
	if err != nil {
		return drivers.Stored{}, err
	}
	driver, ds, err := r.storeOf(snap, img.DatastoreID)
	if err != nil {
		return drivers.Stored{}, err
	}
	finder, ok := driver.(drivers.Finder)
	if !ok {
		return drivers.Stored{}, nil
	}
	return finder.Find(ctx, ds, img.Source)
}
