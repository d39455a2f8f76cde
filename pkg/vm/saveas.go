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

// SaveAs serves one.vm.disksaveas and answers the new image's ID. The image is
// locked until the copy is made.
func SaveAs(tx *store.Tx, s Settings, c *one.Caller, id, disk int, name, kind string, snapshot int) (int, error) {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return -1, err
	}
	if !lifecycle.Can(v.Status(), lifecycle.SaveAs) {
		return -1, bad("VM has to be RUNNING, POWEROFF or SUSPENDED to save disks.").At(id)
	}
	origin, err := savable(tx, v, disk, snapshot)
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

// atVM names the VM as the object at fault.
func atVM(id int, err error) error {
	var e *one.Error
	if errors.As(err, &e) {
		return e.At(id)
	}
	return err
}

// savable answers the image that a disk comes from, whose datastore gets the copy.
func savable(r store.Reader, v *VM, disk, snapshot int) (*image.Image, error) {
	d := v.Disk(disk)
	if d == nil {
		return nil, bad("Cannot use DISK. VM disk does not exist").At(v.ID)
	}
	id, ok := d.Int("IMAGE_ID")
	if !ok {
		return nil, bad("Cannot use DISK. Cannot save_as disks of type %s", d.Get("TYPE")).At(v.ID)
	}
	if snapshot != -1 && findSnapshot(v.DiskSnapshots(disk), snapshot) == nil {
		return nil, bad("Cannot use DISK. Snapshot does not exist").At(v.ID)
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
