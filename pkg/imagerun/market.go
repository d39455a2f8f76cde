package imagerun

import (
	"context"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// opener answers how to open the app that an image is made from, where no datastore
// can: its marketplace knows the keys of an S3 store. It is nil for all other images.
func (r *Runner) opener(snap *store.Snap, img *image.Image) (func(context.Context) (drivers.Content, error), error) {
	scheme, _, isURL := strings.Cut(img.Path, "://")
	if !isURL || scheme == "http" || scheme == "https" || !img.Template.Has("FROM_APP") {
		return nil, nil
	}
	m, err := market.Offering(snap, img.Template, img.Path)
	if err != nil {
		return nil, err
	}
	driver, ok := r.Markets[m.MAD].(drivers.AppOpener)
	if !ok {
		return nil, nil // the datastore says what it thinks of that path
	}
	return func(ctx context.Context) (drivers.Content, error) {
		return driver.Open(ctx, drivers.Market{ID: m.ID, Attrs: m.Template}, img.Path)
	}, nil
}
