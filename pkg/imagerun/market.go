package imagerun

import (
	"context"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// opener returns a function that opens the app that an image is created from, if its market driver
// has to do that: only the marketplace has the keys of an S3 server. It returns nil for other
// images, whose datastore driver opens the path.
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
		return nil, nil // the datastore driver returns an error if it does not support the path
	}
	return func(ctx context.Context) (drivers.Content, error) {
		return driver.Open(ctx, drivers.Market{ID: m.ID, Attrs: m.Template}, img.Path)
	}, nil
}
