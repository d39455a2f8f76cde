package image

import (
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Copy describes the copy that one.image.clone makes.
type Copy struct {
	Name        string
	DatastoreID int  // -1 for the original's
	Persistent  bool // even if the original is not
}

// notCopied are attributes of the original's template that a copy does not get, because it has
// its own: oned would take a SOURCE for the file of the copy.
var notCopied = []string{"NAME", "TYPE", "PERSISTENT", "SIZE", "PATH", "SOURCE", "FORMAT", "DRIVER", "TM_MAD", "ERROR"}

// Clone begins to copy an image. Until the copy is made, the original cannot be deleted, nor
// used if it is persistent.
func Clone(tx *store.Tx, s Settings, c *one.Caller, id int, to Copy) (int, error) {
	origin, err := Kind.Edit(tx, id)
	if err != nil {
		return -1, err
	}
	if err := CheckCopy(tx, s, origin, to.DatastoreID); err != nil {
		return -1, err
	}
	ds, err := copyStore(tx, origin, to.DatastoreID)
	if err != nil {
		return -1, err
	}
	img := s.copyOf(tx, c, origin, ds, to)
	if err := charge(tx, c, img); err != nil {
		return -1, err
	}
	if err := Kind.CheckName(tx, &img.Meta); err != nil {
		return -1, cannot("%v", err)
	}
	switch origin.State {
	case one.ImageReady, one.ImageUsed, one.ImageClone:
	default:
		return -1, cannot("Cannot clone image in state: %s", origin.State.Told())
	}
	newID, err := register(tx, img, OpClone)
	if err != nil {
		return -1, err
	}
	origin.CloningOps++
	origin.State = origin.inUse()
	Kind.Put(tx, origin)
	return newID, nil
}

// copyOf is a copy of an image that is still to be registered.
func (s Settings) copyOf(tx *store.Tx, c *one.Caller, origin *Image, ds *datastore.Datastore, to Copy) *Image {
	img := blank(tx, c, ds)
	img.Name, img.Type, img.SizeMB = to.Name, origin.Type, origin.SizeMB
	img.Format, img.Path, img.CloningID = origin.Format, origin.Source, origin.ID
	img.Persistent = to.Persistent || copiesPersistent(tx, c, origin)
	img.Template = origin.Template.Clone()
	img.FS = cut(&img.Template, "FS")
	for _, name := range notCopied {
		img.Template.Del(name)
	}
	s.fitType(img, &img.Template)
	return img
}

// CheckCopy finds errors that oned reports before it checks the caller's rights.
func CheckCopy(r store.Reader, s Settings, origin *Image, dsID int) error {
	ds, err := copyStore(r, origin, dsID)
	if err == nil && !s.hasRoom(ds, origin.SizeMB) {
		err = refuse("Not enough space in datastore")
	}
	return err
}

// copyStore returns the datastore for a copy, if it can hold it.
func copyStore(r store.Reader, origin *Image, id int) (*datastore.Datastore, error) {
	switch {
	case origin.Type.IsFile() || origin.Type == one.ImageTypeBackup || origin.Type == one.ImageTypeFilesystem:
		return nil, refuse("%s images cannot be cloned.", origin.Type)
	case len(origin.Snapshots.List) > 0:
		return nil, refuse("Cannot clone images with snapshots")
	}
	from, err := datastore.Kind.Get(r, origin.DatastoreID)
	if err != nil {
		return nil, err
	}
	if id == -1 {
		id = from.ID
	}
	ds, err := datastore.Kind.Get(r, id)
	switch {
	case err != nil:
		return nil, err
	case ds.Type != one.DatastoreImage || from.Type != one.DatastoreImage:
		return nil, refuse("Clone only supported for IMAGE_DS Datastores")
	case ds.DSMad != from.DSMad:
		return nil, refuse("Clone only supported to same DS_MAD Datastores")
	}
	return ds, nil
}

// copiesPersistent reports whether copies are persistent: as the caller or the group prefers,
// or else like the original.
func copiesPersistent(r store.Reader, c *one.Caller, origin *Image) bool {
	if text := preference(r, c, persistentCopy); text != "" {
		return isYes(text)
	}
	return origin.Persistent
}
