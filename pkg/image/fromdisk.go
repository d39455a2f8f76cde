package image

import (
	"cmp"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// FromDisk says which disk of a VM a new image is saved from.
type FromDisk struct {
	Name, Type   string // Type "" keeps the origin's
	Origin       *Image // the image the disk was made from
	VMID, DiskID int
	SizeMB       int64
}

// NewFromDisk makes the image that a disk is saved to, in the datastore of its
// origin. It is LOCKED until the VM's effect tells how the saving ended.
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
	if err := s.setType(img, &img.Template, ds); err != nil {
		return -1, err
	}
	return register(tx, img, "")
}

// template says where the image is from. Of the origin's template only what
// VMs need to find the disk where it was is taken over.
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
