package image

import (
	"cmp"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// FromDisk describes an image that a VM's disk is saved as.
type FromDisk struct {
	Name, Type   string // Type "" means the original's
	Origin       *Image // the image that the disk was made from
	VMID, DiskID int
	SizeMB       int64
}

// NewFromDisk registers the image that a disk is saved as, in the datastore of the original. It
// is LOCKED until the effect on the VM has ended.
func NewFromDisk(tx *store.Tx, c *one.Caller, f FromDisk) (int, error) {
	s := DefaultSettings()
	ds, err := datastore.Kind.Get(tx, f.Origin.DatastoreID)
	if err != nil {
		return -1, err
	}
	if !s.hasRoom(ds, f.SizeMB) {
		return -1, refuse("Not enough space in datastore")
	}
	img := blank(tx, c, ds)
	img.Name, img.SizeMB, img.Format = f.Name, f.SizeMB, f.Origin.Format
	img.Persistent = isYes(preference(tx, c, persistentCopy))
	if err := charge(tx, c, img); err != nil {
		return -1, err
	}
	img.Template = f.template()
	if err := s.introduce(tx, img, &img.Template, ds); err != nil {
		return -1, err
	}
	return register(tx, img, "")
}

// template is the new image's template. Of the original's, it only has what a VM needs to find
// the disk on the same bus and device.
func (f FromDisk) template() attr.Template {
	var t attr.Template
	t.Set("TYPE", cmp.Or(f.Type, f.Origin.Type.String()))
	for _, name := range []string{"TARGET", "DEV_PREFIX"} {
		if value := f.Origin.Template.Get(name); value != "" {
			t.Set(name, value)
		}
	}
	t.Set("SAVED_DISK_ID", strconv.Itoa(f.DiskID))
	t.Set("SAVED_IMAGE_ID", strconv.Itoa(f.Origin.ID))
	t.Set("SAVED_VM_ID", strconv.Itoa(f.VMID))
	return t
}
