// Package marketrun imports apps into marketplaces and deletes them, through market drivers and
// the drivers of the images' datastores. It also monitors marketplaces at intervals.
package marketrun

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/secret"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Runner implements engine.Runner for apps.
type Runner struct {
	Store   *store.Store
	Markets map[string]drivers.Marketplace // by MARKET_MAD
	Images  map[string]drivers.ImageStore  // by DS_MAD
	Secrets *secret.Vault                  // decrypts attributes of datastores
	Log     zerolog.Logger
}

var _ engine.Runner = (*Runner)(nil)

// Run implements engine.Runner.
func (r *Runner) Run(ctx context.Context, e *effect.Effect, report func(engine.Progress)) (engine.Outcome, error) {
	snap := r.Store.Read()
	app, err := market.Apps.Get(snap, e.Object)
	if err != nil {
		return nil, err
	}
	m, err := market.Kind.Get(snap, app.MarketID)
	if err != nil {
		return nil, err
	}
	driver, err := r.appStore(m.MAD)
	if err != nil {
		return nil, err
	}
	place := drivers.Market{ID: m.ID, Attrs: m.Template}
	switch e.Op {
	case market.OpImport:
		return r.importImage(ctx, snap, driver, place, app, report)
	case market.OpDelete:
		return nil, driver.Delete(ctx, place, specOf(app), app.Source)
	}
	return nil, fmt.Errorf("app %d: effect %q is unknown to this renkei", app.ID, e.Op)
}

// appStore returns the market driver mad, or an error if it cannot import apps.
func (r *Runner) appStore(mad string) (drivers.AppStore, error) {
	driver, ok := r.Markets[mad]
	if !ok {
		return nil, fmt.Errorf("Marketplace driver '%s' not available", mad)
	}
	appStore, ok := driver.(drivers.AppStore)
	if !ok {
		return nil, fmt.Errorf("marketplaces with the driver %q are somebody else's: apps can only be taken from there", mad)
	}
	return appStore, nil
}

// specOf returns the attributes of an app that its market driver needs.
func specOf(a *market.App) drivers.AppSpec {
	return drivers.AppSpec{ID: a.ID, Made: a.RegTime, Format: a.Format, SizeMiB: a.SizeMB}
}

// importImage copies the image of an app to a marketplace.
func (r *Runner) importImage(ctx context.Context, snap *store.Snap, driver drivers.AppStore, to drivers.Market, app *market.App, report func(engine.Progress)) (out engine.Outcome, err error) {
	img, err := image.Kind.Get(snap, app.OriginID)
	if err != nil {
		return nil, err
	}
	ds, err := datastore.Kind.Get(snap, img.DatastoreID)
	if err != nil {
		return nil, err
	}
	exporter, ok := r.Images[ds.DSMad].(drivers.ImageExporter)
	if !ok {
		return nil, fmt.Errorf("images of datastore %d cannot be exported: DS_MAD %q does not do that", ds.ID, ds.DSMad)
	}
	content, what, err := exporter.Export(ctx, ds.ForDrivers(r.Secrets),
		drivers.Stored{Source: img.Source, Format: img.Format, SizeMiB: img.SizeMB})
	if err != nil {
		return nil, fmt.Errorf("Error exporting image to file: %w", err)
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	spec := specOf(app)
	spec.Format, spec.SizeMiB = what.Format, what.SizeMiB
	file, err := driver.Import(ctx, to, spec, &progressReader{r: content, report: report, total: img.SizeMB << 20})
	return outcome(file), err
}

// Settle implements engine.Runner.
func (r *Runner) Settle(tx *store.Tx, e *effect.Effect, out engine.Outcome, err error) error {
	if e.Op == market.OpImport {
		market.Imported(tx, e.Object, fileOf(out), err)
		return nil
	}
	if app, found := market.Apps.Table.Get(tx, store.ID(e.Object)); found && err != nil {
		r.Log.Error().Err(err).Int("app", app.ID).Str("source", app.Source).Msg("the app's file could not be deleted: delete it yourself")
	}
	market.Removed(tx, e.Object)
	return nil
}

// Keys of the Outcome of an import, which describes the file of the app.
const (
	keySource = "source"
	keyMD5    = "md5"
	keyFormat = "format"
	keySize   = "size_mib"
)

// outcome returns the Outcome for the file of an imported app.
func outcome(f drivers.MarketFile) engine.Outcome {
	return engine.Outcome{keySource: f.Source, keyMD5: f.MD5, keyFormat: f.Format, keySize: strconv.FormatInt(f.SizeMiB, 10)}
}

// fileOf returns the file that an Outcome describes.
func fileOf(out engine.Outcome) drivers.MarketFile {
	size, _ := strconv.ParseInt(out[keySize], 10, 64)
	return drivers.MarketFile{Source: out[keySource], MD5: out[keyMD5], Format: out[keyFormat], SizeMiB: size}
}
