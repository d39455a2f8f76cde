package image

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Declare registers an image in OpenNebula 2.2's way: its owner puts the file into
// its place, which follows from his ID and the image's name, and enables it then.
func Declare(tx *store.Tx, s Settings, c *one.Caller, n New) (int, error) {
	ds, err := datastore.Kind.Get(tx, n.DatastoreID)
	if err != nil {
		return -1, err
	}
	t := n.Template.Clone()
	path := t.Get("PATH")
	t.Del("PATH")
	if t.Get("SOURCE") == "" {
		t.Del("SOURCE")
		n.place = filepath.Join(ds.BasePath, oldName(c.UID, t.Get("NAME")))
	} else if t.Get("FORMAT") == "" { // it is for administrators to say: Allocate looks
		t.Set("FORMAT", "raw")
	}
	n.Template, n.SizeMB = withSize(t), AsTemplateSays
	id, err := Allocate(tx, s, c, n)
	if err != nil {
		return -1, err
	}
	img, _ := Kind.Edit(tx, id)
	img.State, img.Path = one.ImageDisabled, path
	Kind.Put(tx, img)
	return id, nil
}

// withSize gives an image a size until its file is there and tells.
func withSize(t attr.Template) attr.Template {
	if n, ok := t.Int("SIZE"); !ok || n <= 0 {
		t.Set("SIZE", "1")
	}
	return t
}

// oldName is what OpenNebula 2.2 calls the file of an image.
func oldName(uid int, name string) string {
	sum := sha1.Sum(fmt.Appendf(nil, "%d:%s", uid, name))
	return hex.EncodeToString(sum[:])
}

// File is what the file of an image turned out to be: faces, which know no drivers,
// pass it on.
type File = drivers.Stored

// Found takes in what the file of a declared image turned out to be.
func Found(tx *store.Tx, id int, stored File) error {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	before := img.usage()
	if stored.Format != "" {
		img.Format = stored.Format
	}
	if stored.SizeMiB > 0 {
		img.SizeMB = stored.SizeMiB
	}
	recount(tx, img, before)
	Kind.Put(tx, img)
	return nil
}

// Adopt puts in an image that was made elsewhere, as it is.
func Adopt(tx *store.Tx, img *Image) {
	Kind.Put(tx, img)
	quota.Count(tx, img.UID, img.GID, img.usage())
	datastore.Kind.Table.Touch(tx, store.ID(img.DatastoreID))
}
