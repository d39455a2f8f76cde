package imagerun

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Find asks the driver about the file that a user has copied to its place. If the driver cannot
// tell, the image's values stay.
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
