package image

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Origin is the disk in a backup that an image is restored from.
type Origin struct {
	DatastoreID int      `cbor:"1,keyasint"` // of the backup
	VMID        int      `cbor:"2,keyasint"`
	Chain       []string `cbor:"3,keyasint"`
	DiskID      int      `cbor:"4,keyasint"`
}

// FromBackup says which image is restored from where.
type FromBackup struct {
	Name   string
	Type   one.ImageType
	Path   string // as it is shown
	SizeMB int64
	Origin Origin
}

// Restore registers an image that is read from a backup.
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
