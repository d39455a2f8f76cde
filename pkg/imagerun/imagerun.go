// Package imagerun carries out the effects of images through the drivers of their datastores,
// and asks those drivers for the size of new images.
package imagerun

import (
	"context"
	"fmt"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Runner implements engine.Runner for images.
type Runner struct {
	Store   *store.Store
	Drivers map[string]drivers.ImageStore  // by DS_MAD
	TM      map[string]drivers.Transfer    // by TM_MAD, for disk snapshots
	Markets map[string]drivers.Marketplace // by MARKET_MAD: some open what they offer
	VMs     vm.Settings
	Log     zerolog.Logger
}

var _ engine.Runner = (*Runner)(nil)

// Run implements engine.Runner.
func (r *Runner) Run(ctx context.Context, e *effect.Effect, report func(engine.Progress)) (engine.Outcome, error) {
	snap := r.Store.Read()
	img, err := image.Kind.Get(snap, e.Object)
	if err != nil {
		return nil, err
	}
	driver, ds, err := r.storeOf(snap, img.DatastoreID)
	if err != nil {
		return nil, err
	}
	switch {
	case e.Op == image.OpRemove && img.Type == one.ImageTypeBackup:
		return nil, r.forget(ctx, snap, img)
	case e.Op == image.OpImport && img.From != nil:
		return r.restore(ctx, snap, driver, ds, img)
	}
	switch e.Op {
	case image.OpFlatten:
		return r.flatten(ctx, snap, e, img)
	case image.OpImport:
		return r.bring(ctx, snap, driver, ds, img, report)
	case image.OpClone:
		return r.clone(ctx, snap, driver, ds, img)
	case image.OpRemove:
		return nil, remove(ctx, driver, ds, img)
	case image.OpSnapshotDelete, image.OpSnapshotRevert, image.OpSnapshotFlatten, image.OpSnapshotLast:
		return nil, r.snapshot(ctx, snap, img, e.Op)
	}
	return nil, fmt.Errorf("image %d: effect %q is unknown to this renkei", img.ID, e.Op)
}

// storeOf returns a datastore as drivers see it, and its driver.
func (r *Runner) storeOf(snap *store.Snap, id int) (drivers.ImageStore, drivers.Datastore, error) {
	ds, err := datastore.Kind.Get(snap, id)
	if err != nil {
		return nil, drivers.Datastore{}, err
	}
	driver, ok := r.Drivers[ds.DSMad]
	if !ok {
		return nil, drivers.Datastore{}, fmt.Errorf("datastore %d: there is no image driver %q", id, ds.DSMad)
	}
	return driver, ds.ForDrivers(r.VMs.Secrets), nil
}

// bring makes the file of a new image: a copy of PATH, or an empty one.
func (r *Runner) bring(ctx context.Context, snap *store.Snap, driver drivers.ImageStore, ds drivers.Datastore, img *image.Image, report func(engine.Progress)) (engine.Outcome, error) {
	spec, total := specOf(img), img.SizeMB<<20
	var err error
	if spec.Open, err = r.opener(snap, img); err != nil {
		return nil, err
	}
	stored, err := driver.Import(ctx, ds, spec, func(done int64) { report(engine.Progress{Done: done, Total: total}) })
	return outcome(stored), err
}

// clone copies the file of another image, which may be in another datastore.
func (r *Runner) clone(ctx context.Context, snap *store.Snap, driver drivers.ImageStore, ds drivers.Datastore, img *image.Image) (engine.Outcome, error) {
	origin, err := image.Kind.Get(snap, img.CloningID)
	if err != nil {
		return nil, err
	}
	from := drivers.Stored{Source: origin.Source, Format: origin.Format, SizeMiB: origin.SizeMB}
	stored, err := driver.Clone(ctx, ds, from, specOf(img))
	return outcome(stored), err
}

// remove deletes the file. An image that was not finished has no source yet: the driver finds
// its file by the image's ID.
func remove(ctx context.Context, driver drivers.ImageStore, ds drivers.Datastore, img *image.Image) error {
	source := img.Source
	if source == "" {
		place, err := driver.Place(ds, img.ID)
		if err != nil {
			return err
		}
		source = place
	}
	return driver.Remove(ctx, ds, source)
}

// specOf describes a new image to a driver.
func specOf(img *image.Image) drivers.ImageSpec {
	return drivers.ImageSpec{ID: img.ID, Path: img.Path, SizeMiB: img.SizeMB, Format: img.Format, FS: img.FS, Attrs: img.Template}
}

// Settle implements engine.Runner.
func (r *Runner) Settle(tx *store.Tx, e *effect.Effect, out engine.Outcome, err error) error {
	switch e.Op {
	case image.OpRemove:
		removed(tx, e, err)
		return nil
	case image.OpFlatten:
		vm.FlattenDone(tx, image.Flattened(tx, e, storedOf(out).SizeMiB, err))
		return nil
	case image.OpSnapshotDelete, image.OpSnapshotRevert, image.OpSnapshotFlatten, image.OpSnapshotLast:
		image.SnapshotDone(tx, e, err)
	default:
		image.Made(tx, e, storedOf(out), err)
	}
	return vm.ImageDone(tx, r.VMs, e.Object)
}

// removed removes an image; if it is a backup, the VM's list of backups no longer has it.
func removed(tx *store.Tx, e *effect.Effect, err error) {
	img, there := image.Kind.Table.Get(tx, store.ID(e.Object))
	image.Removed(tx, e, err)
	if _, still := image.Kind.Table.Get(tx, store.ID(e.Object)); there && !still && img.Type == one.ImageTypeBackup {
		vm.BackupRemoved(tx, img.BackupVM, img.ID)
	}
}

// Size returns the size in MiB of the image that a template describes, or image.AsTemplateSays
// if there is no file to inspect. An unusable PATH is refused.
func (r *Runner) Size(ctx context.Context, snap *store.Snap, dsID int, t attr.Template) (int64, error) {
	if !image.FromFile(t) {
		return image.AsTemplateSays, nil
	}
	t = t.Clone()
	t.KeepLast()
	if kind, err := datastore.Kind.Get(snap, dsID); err != nil || kind.Type == one.DatastoreSystem || kind.Type == one.DatastoreBackup {
		return image.AsTemplateSays, err // Allocate refuses it
	}
	driver, ds, err := r.storeOf(snap, dsID)
	if err != nil {
		return 0, err
	}
	stored, err := driver.Stat(ctx, ds, drivers.ImageSpec{ID: -1, Path: t.Get("PATH"), Attrs: t})
	if err != nil {
		return 0, one.Errorf(one.CodeInternal, "Cannot parse image SIZE: %v", err)
	}
	return stored.SizeMiB, nil
}
