package image

import (
	"cmp"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Clone begins a copy of an image under another name, in its datastore or in
// another one.
func Clone(tx *store.Tx, s Settings, c *one.Caller, id int, name string, dsID int) (int, error) {
	origin, err := Kind.Edit(tx, id)
	if err != nil {
		return -1, err
	}
	if dsID < 0 {
		dsID = origin.DatastoreID
	}
	ds, err := datastore.Kind.Get(tx, dsID)
	if err != nil {
		return -1, err
	}
	if err := origin.clonable(ds); err != nil {
		return -1, err
	}
	img := origin.copyFor(ds, name)
	img.RegTime, img.ModTime = tx.Now.Unix(), tx.Now.Unix()
	img.Own(c)
	if err := admit(tx, img, ds, s.SkipCapacityCheck); err != nil {
		return -1, err
	}
	newID, err := Kind.Add(tx, img)
	if err != nil {
		return -1, one.Errorf(one.CodeAllocate, "Error allocating a new image. %v", err)
	}
	origin.CloningOps++
	origin.State = origin.inUse()
	Kind.Put(tx, origin)
	datastore.Kind.Table.Touch(tx, store.ID(ds.ID))
	effect.Put(tx, effect.Effect{Kind: one.KindImage, Object: newID, Op: OpClone, Host: -1})
	return newID, nil
}

// clonable refuses images that cannot be copied, or not now.
func (i *Image) clonable(ds *datastore.Datastore) error {
	switch {
	case i.Type.IsFile():
		return refuse("%s images cannot be cloned.", i.Type)
	case len(i.Snapshots.List) > 0:
		return refuse("Cannot clone images with snapshots")
	case ds.Type != one.DatastoreImage:
		return refuse("Clone only supported for IMAGE_DS Datastores")
	case i.State == one.ImageUsedPers || i.State == one.ImageLockedUsedPers:
		return refuse("Cannot clone image %d, it is persistent and in use: power its VM off and terminate it first", i.ID)
	case i.State != one.ImageReady && i.State != one.ImageUsed && i.State != one.ImageClone:
		return refuse("Cannot clone image %d, it is in state: %s", i.ID, i.State)
	}
	return nil
}

// copyFor is a new image that is to have the same content.
func (i *Image) copyFor(ds *datastore.Datastore, name string) *Image {
	img := &Image{
		Type: i.Type, DiskType: ds.DiskType, Persistent: i.Persistent, Format: i.Format, FS: i.FS, SizeMB: i.SizeMB,
		State: one.ImageLocked, DatastoreID: ds.ID, Path: i.Source, CloningID: i.ID, TargetSnapshot: -1,
	}
	img.Name, img.Template = name, i.Template.Clone()
	img.Template.Del("ERROR")
	img.Snapshots = Snapshots{DiskID: -1, CurrentBase: -1, AllowOrphans: cmp.Or(ds.Template.Get("ALLOW_ORPHANS"), "NO")}
	return img
}

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
	ds, err := datastore.Kind.Get(tx, f.Origin.DatastoreID)
	if err != nil {
		return -1, err
	}
	img := f.Origin.copyFor(ds, f.Name)
	img.Path, img.CloningID, img.Persistent, img.SizeMB = "", -1, false, f.SizeMB
	if f.Type != "" {
		t, ok := one.ParseImageType(f.Type)
		if !ok || t.IsFile() {
			return -1, cannot("Unknown type %s", f.Type)
		}
		img.Type = t
	}
	img.RegTime, img.ModTime = tx.Now.Unix(), tx.Now.Unix()
	for name, n := range map[string]int{"SAVED_DISK_ID": f.DiskID, "SAVED_IMAGE_ID": f.Origin.ID, "SAVED_VM_ID": f.VMID} {
		img.Template.Set(name, strconv.Itoa(n))
	}
	img.Own(c)
	if err := admit(tx, img, ds, false); err != nil {
		return -1, err
	}
	id, err := Kind.Add(tx, img)
	if err != nil {
		return -1, one.Errorf(one.CodeAllocate, "Error allocating a new image. %v", err)
	}
	datastore.Kind.Table.Touch(tx, store.ID(ds.ID))
	return id, nil
}
