package imagerun

import (
	"context"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// snapshot carries out an effect on disk snapshots. They are inside the image's file, and the
// transfer driver that made them handles them.
func (r *Runner) snapshot(ctx context.Context, snap *store.Snap, img *image.Image, op string) error {
	ds, err := datastore.Kind.Get(snap, img.DatastoreID)
	if err != nil {
		return err
	}
	tm, ok := r.TM[ds.TMMad].(drivers.DiskSnapshotter)
	if !ok {
		return fmt.Errorf("transfer driver %q keeps no snapshots of images", ds.TMMad)
	}
	front, disk, id := drivers.Host{ID: -1, Name: "localhost", Local: true}, diskOf(img), img.TargetSnapshot
	if op == image.OpSnapshotDelete || op == image.OpSnapshotLast {
		return tm.DeleteDiskSnapshot(ctx, front, disk, id)
	}
	if err := tm.RevertDiskSnapshot(ctx, front, disk, id); err != nil || op == image.OpSnapshotRevert {
		return err
	}
	return dropOthers(ctx, tm, front, disk, img)
}

// dropOthers deletes all snapshots except the one that the image was reverted to, which is
// needed if the effect is repeated.
func dropOthers(ctx context.Context, tm drivers.DiskSnapshotter, front drivers.Host, disk drivers.Disk, img *image.Image) error {
	for i := range img.Snapshots.List {
		if id := img.Snapshots.List[i].ID; id != img.TargetSnapshot {
			if err := tm.DeleteDiskSnapshot(ctx, front, disk, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// diskOf is the image as a disk for the transfer driver.
func diskOf(img *image.Image) drivers.Disk {
	format := strings.ToLower(img.Format)
	return drivers.Disk{
		ID: 0, Source: img.Source, Path: img.Source,
		Attrs: attr.NewVector("DISK", attr.Pair{Key: "DRIVER", Value: format}, attr.Pair{Key: "FORMAT", Value: format}),
	}
}
