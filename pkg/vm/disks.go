package vm

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// takeDisks moves DISK and CONTEXT to TEMPLATE, acquires the images and assigns targets.
func takeDisks(tx *store.Tx, s Settings, v *VM) error {
	claimVectors(v, "CONTEXT")
	keepFirst(v, "CONTEXT")
	t := targetsOf(v)
	for id, d := range claimVectors(v, "DISK") {
		kind, err := takeDisk(tx, s, v, d, id, image.Use)
		if err != nil {
			return bad("DISK %d: %v", id, err)
		}
		if err := t.add(d, kind); err != nil {
			return err
		}
	}
	if c := v.Template.Vector("CONTEXT"); c != nil {
		c.Set("DISK_ID", strconv.Itoa(len(v.Template.Vectors("DISK"))))
		if err := t.addContext(c); err != nil {
			return err
		}
	}
	return t.assign(v)
}

// keepFirst removes all but the first attribute with a name.
func keepFirst(v *VM, name string) {
	if list := v.Template.Vectors(name); len(list) > 1 {
		first := list[0].Clone()
		v.Template.Del(name)
		v.Template.Add(first)
	}
}

// taker acquires an image for a disk: image.Use, or image.UseNow if the image must be ready.
type taker func(tx *store.Tx, imageID int, again bool) (*image.Image, error)

// takeDisk completes a disk and returns the type of its image.
func takeDisk(tx *store.Tx, s Settings, v *VM, d *attr.Attr, id int, use taker) (one.ImageType, error) {
	if tm := v.Template.Get("TM_MAD_SYSTEM"); tm != "" {
		d.Set("TM_MAD_SYSTEM", tm)
	} else {
		d.Del("TM_MAD_SYSTEM")
	}
	imageID, named, err := image.Resolve(tx, v.UID, d)
	if err != nil {
		return 0, err
	}
	d.Set("DISK_ID", strconv.Itoa(id))
	if d.Get("SERIAL") == "auto" {
		d.Set("SERIAL", strconv.Itoa(v.ID)+"-"+strconv.Itoa(id))
	}
	if !named {
		return one.ImageTypeDatablock, volatileDisk(s, d)
	}
	return imageDisk(tx, s, v, d, imageID, use)
}

// volatileDisk validates a disk that is created with the VM and has no image.
func volatileDisk(s Settings, d *attr.Attr) error {
	if !isVolatile(d) {
		return bad("Unknown disk type %s", strings.ToUpper(d.Get("TYPE")))
	}
	d.Del("PERSISTENT")
	if size, ok := d.Int("SIZE"); !ok || size <= 0 {
		return bad("SIZE attribute must be a positive integer value.")
	}
	if d.Get("DEV_PREFIX") == "" {
		d.Set("DEV_PREFIX", s.DevicePrefix)
	}
	return nil
}

// imageDisk acquires the image and copies its attributes to the disk.
func imageDisk(tx *store.Tx, s Settings, v *VM, d *attr.Attr, imageID int, use taker) (one.ImageType, error) {
	if _, there := image.Kind.Table.Get(tx, store.ID(imageID)); !there {
		return 0, bad("Image with ID: %d does not exist", imageID)
	}
	img, err := use(tx, imageID, hasBefore(v, d, imageID))
	if err != nil {
		return 0, err
	}
	if err := checkSize(img, d); err != nil {
		return 0, err
	}
	ds, err := datastore.Kind.Get(tx, img.DatastoreID)
	if err != nil {
		return 0, bad("Associated datastore for the image does not exist")
	}
	image.FillDisk(s.Disks, img, ds, d)
	takeSnapshots(v, img, d)
	return img.Type, nil
}

// hasBefore tells whether another disk before d has the same image.
func hasBefore(v *VM, d *attr.Attr, imageID int) bool {
	for _, other := range v.Template.Vectors("DISK") {
		if diskID(other) == diskID(d) {
			break
		}
		if id, ok := other.Int("IMAGE_ID"); ok && id == imageID {
			return true
		}
	}
	return false
}

// imagesOf lists the images of the VM's disks without duplicates.
func imagesOf(v *VM) (ids []int) {
	for _, d := range v.Template.Vectors("DISK") {
		if id, ok := d.Int("IMAGE_ID"); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// checkSize validates SIZE for the disk's image.
func checkSize(img *image.Image, d *attr.Attr) error {
	n, said := d.Int("SIZE")
	size := int64(n)
	switch {
	case !said:
		return nil
	case img.Persistent && size != img.SizeMB:
		return bad("SIZE attribute is not supported for persistent image [%d].", img.ID)
	case img.Type == one.ImageTypeCDROM && size != img.SizeMB:
		return bad("SIZE attribute is not supported for CDROM image [%d].", img.ID)
	case size < img.SizeMB:
		return bad("SIZE of %dMB is less than the image [%d] size of %dMB.", size, img.ID, img.SizeMB)
	}
	return nil
}

// takeSnapshots copies the image's snapshots to the disk.
func takeSnapshots(v *VM, img *image.Image, d *attr.Attr) {
	disks := img.Type == one.ImageTypeOS || img.Type == one.ImageTypeDatablock
	if len(img.Snapshots.List) == 0 || !disks {
		return
	}
	snaps := img.Snapshots.Clone()
	snaps.DiskID = diskID(d)
	v.Snapshots = append(v.Snapshots, snaps)
	setSnapshotSize(d, &snaps)
}
