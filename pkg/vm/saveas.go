package vm

import (
	"errors"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// SaveAs serves one.vm.disksaveas and returns the ID of the new image, which is LOCKED until the
// disk is copied.
func SaveAs(tx *store.Tx, s Settings, c *one.Caller, id, disk int, name, kind string, snapshot int) (int, error) {
	origin, err := CheckSaveAs(tx, id, disk, snapshot)
	if err != nil {
		return -1, err
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return -1, err
	}
	imageID, err := image.NewFromDisk(tx, c, image.FromDisk{
		Name: name, Type: kind, Origin: origin, VMID: id, DiskID: disk, SizeMB: diskSize(v, disk),
	})
	if err != nil {
		return -1, atVM(id, ofCaller(c, err))
	}
	err = Fire(tx, s, v, lifecycle.SaveAs, Cause{By: c, Args: effect.Args{
		ArgDisk: strconv.Itoa(disk), ArgSnapshot: strconv.Itoa(snapshot), ArgImage: strconv.Itoa(imageID),
	}})
	return imageID, err
}

// CheckSaveAs checks whether a disk can be saved and returns its image. oned does this before it
// checks permissions.
func CheckSaveAs(r store.Reader, id, disk, snapshot int) (*image.Image, error) {
	v, err := Kind.Get(r, id)
	if err != nil {
		return nil, err
	}
	if !lifecycle.Can(v.Status(), lifecycle.SaveAs) {
		return nil, bad("VM has to be RUNNING, POWEROFF or SUSPENDED to save disks.").At(id)
	}
	return savable(r, v, disk, snapshot)
}

// atVM sets the VM as the object of an error.
func atVM(id int, err error) error {
	var e *one.Error
	if errors.As(err, &e) {
		return e.At(id)
	}
	return err
}

// savable returns the image of a disk. The copy gets into the same datastore.
func savable(r store.Reader, v *VM, disk, snapshot int) (*image.Image, error) {
	d := v.Disk(disk)
	if d == nil {
		return nil, bad("Cannot use DISK. DISK does not exist.").At(v.ID)
	}
	id, ok := d.Int("IMAGE_ID")
	if !ok {
		return nil, bad("Cannot use DISK. DISK does not have a valid IMAGE_ID.").At(v.ID)
	}
	if snapshot != -1 && findSnapshot(v.DiskSnapshots(disk), snapshot) == nil {
		return nil, bad("Cannot use DISK. Snapshot does not exist.").At(v.ID)
	}
	img, err := image.Kind.Get(r, id)
	if err != nil {
		return nil, err
	}
	switch img.Type {
	case one.ImageTypeOS, one.ImageTypeDatablock, one.ImageTypeCDROM:
		return img, nil
	}
	return nil, bad("Cannot save an image of type %s", img.Type).At(v.ID)
}

func diskSize(v *VM, disk int) int64 {
	n, _ := v.Disk(disk).Int("SIZE")
	return int64(n)
}
