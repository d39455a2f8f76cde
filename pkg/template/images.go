package template

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// CloneWithImages makes a copy of a template whose disks are copies too,
// <name>-disk-<n>; persistent ones when asked for.
func CloneWithImages(tx *store.Tx, s image.Settings, c *one.Caller, id int, name string, persistent bool) (int, error) {
	origin, err := Kind.Get(tx, id)
	if err != nil {
		return -1, err
	}
	t := origin.Template.Clone()
	for n, disk := range t.Vectors("DISK") {
		imageID, named, err := image.Resolve(tx, c.UID, disk)
		if err != nil {
			return -1, err
		}
		if !named {
			continue
		}
		copyID, err := cloneImage(tx, s, c, imageID, name+"-disk-"+strconv.Itoa(n), persistent)
		if err != nil {
			return -1, err
		}
		for _, key := range []string{"IMAGE", "IMAGE_UNAME", "IMAGE_UID"} {
			disk.Del(key)
		}
		disk.Set("IMAGE_ID", strconv.Itoa(copyID))
	}
	return add(tx, c, name, t)
}

func cloneImage(tx *store.Tx, s image.Settings, c *one.Caller, id int, name string, persistent bool) (int, error) {
	copyID, err := image.Clone(tx, s, c, id, name, -1)
	if err != nil {
		return -1, err
	}
	if persistent {
		return copyID, image.SetPersistent(tx, copyID, true)
	}
	return copyID, nil
}

// PersistentName is what a VM's own template is called when the VM has no name.
func PersistentName(r store.Reader, in Instance) string {
	if in.Name != "" {
		return in.Name
	}
	if origin, ok := Kind.Table.Get(r, store.ID(in.ID)); ok {
		return origin.Name + "-copy"
	}
	return strconv.Itoa(in.ID) + "-copy"
}

// DeleteWithImages removes a template and the images of its disks that the
// caller may manage and nobody uses.
func DeleteWithImages(tx *store.Tx, c *one.Caller, id int) error {
	t, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	for _, disk := range t.Template.Vectors("DISK") {
		if err := deleteImage(tx, c, disk); err != nil {
			return err
		}
	}
	return Delete(tx, id)
}

func deleteImage(tx *store.Tx, c *one.Caller, disk *attr.Attr) error {
	id, named, err := image.Resolve(tx, c.UID, disk)
	if err != nil || !named {
		return nil //nolint:nilerr // an image that is gone need not be deleted
	}
	o, clusters, err := image.Kind.Look(tx, id)
	if err != nil {
		return nil //nolint:nilerr // as above
	}
	if err := acl.Check(tx, c, acl.On(one.KindImage, o, clusters, one.Manage)); err != nil {
		return err
	}
	return image.Delete(tx, id, false)
}
