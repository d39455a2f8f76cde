package image

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Origin is the disk in a backup from which an image is restored.
type Origin struct {
	DatastoreID int      `cbor:"1,keyasint"` // datastore of the backup
	VMID        int      `cbor:"2,keyasint"`
	Chain       []string `cbor:"3,keyasint"`
	DiskID      int      `cbor:"4,keyasint"`
}

// FromBackup describes an image to be restored.
type FromBackup struct {
	Name   string
	Type   one.ImageType
	Path   string // the PATH that the image shows
	SizeMB int64
	Origin Origin
}

// Restore registers an image whose file is restored from a backup.
func Restore(tx *store.Tx, s Settings, c *one.Caller, dsID int, f FromBackup) (int, error) {
	ds, err := datastore.Kind.Get(tx, dsID)
	if err != nil {
		return -1, err
	}
	if !s.hasRoom(ds, f.SizeMB) {
		return -1, refuse("Not enough space in datastore")
	}
	img := blank(tx, c, ds)
	img.Name, img.Type, img.Path, img.SizeMB, img.From = f.Name, f.Type, f.Path, f.SizeMB, &f.Origin
	img.Persistent = isPersistent(tx, c, nil)
	if err := charge(tx, c, img); err != nil {
		return -1, err
	}
	img.Template.Set("FROM_BACKUP_DS", strconv.Itoa(f.Origin.DatastoreID))
	s.fitType(img, &img.Template)
	return register(tx, img, OpImport)
}
