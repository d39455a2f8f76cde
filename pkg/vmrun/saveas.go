package vmrun

import (
	"context"
	"fmt"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// saveAs copies a disk to the source of a new image.
func (j *job) saveAs(ctx context.Context) (engine.Outcome, error) { return j.saveAsAt(ctx, j.here) }
func (j *job) saveAsFront(ctx context.Context) (engine.Outcome, error) {
	return j.saveAsAt(ctx, j.front)
}

func (j *job) saveAsAt(ctx context.Context, p place) (engine.Outcome, error) {
	d, _, err := j.targetDisk()
	if err != nil {
		return nil, err
	}
	img, dst, err := j.savePlace()
	if err != nil {
		return nil, err
	}
	tm, err := j.transferOf(p, d)
	if err != nil {
		return nil, err
	}
	if err := tm.SaveAs(ctx, p.host, p.disk(d), dst); err != nil {
		return nil, err
	}
	return engine.Outcome{
		vm.OutSource: dst, vm.OutFormat: d.Get("DRIVER"), vm.OutSize: strconv.FormatInt(img.SizeMB, 10),
	}, nil
}

// saveAtEnd copies a disk to the image of a deferred disk-saveas, if there is one. If the image
// has been deleted, or was given another source, nothing is copied.
func (j *job) saveAtEnd(ctx context.Context, p place, d *attr.Attr, out engine.Outcome) error {
	id, wanted := vm.SavesAs(d)
	img, there := image.Kind.Table.Get(j.Store.Read(), store.ID(id))
	if !wanted || !there || img.State != one.ImageDisabled {
		return nil
	}
	tm, err := j.transferOf(p, d)
	if err != nil {
		return err
	}
	disk := p.disk(d)
	if err := tm.SaveAs(ctx, p.host, disk, img.Source); err != nil {
		return fmt.Errorf("saving disk %d as image %d: %w", disk.ID, id, err)
	}
	size, _ := d.Int("SIZE")
	key, value := vm.Saved(id, drivers.Stored{Format: d.Get("DRIVER"), SizeMiB: int64(size)})
	out[key] = value
	return nil
}

// savePlace asks the driver of the new image's datastore where the file goes.
func (j *job) savePlace() (*image.Image, string, error) {
	id, err := j.number(vm.ArgImage)
	if err != nil {
		return nil, "", err
	}
	snap := j.Store.Read()
	img, err := image.Kind.Get(snap, id)
	if err != nil {
		return nil, "", err
	}
	ds, err := datastore.Kind.Get(snap, img.DatastoreID)
	if err != nil {
		return nil, "", err
	}
	driver, ok := j.Drivers.DS[ds.DSMad]
	if !ok {
		return nil, "", fmt.Errorf("datastore %d: there is no image driver %q", ds.ID, ds.DSMad)
	}
	dst, err := driver.Place(ds.ForDrivers(j.VMs.Secrets), id)
	return img, dst, err
}
