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

// Declare registers an image as OpenNebula 2.2 does: the user copies the file to a path that
// follows from the user's ID and the image's name, and enables the image afterwards.
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
	} else if t.Get("FORMAT") == "" { // Allocate checks the right to set FORMAT
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

// withSize sets a SIZE, until the size of the file is known.
func withSize(t attr.Template) attr.Template {
	if n, ok := t.Int("SIZE"); !ok || n <= 0 {
		t.Set("SIZE", "1")
	}
	return t
}

// oldName is the file name of an image in OpenNebula 2.2.
func oldName(uid int, name string) string {
	sum := sha1.Sum(fmt.Appendf(nil, "%d:%s", uid, name))
	return hex.EncodeToString(sum[:])
}

// File describes a stored file. The alias is for the packages that serve calls, which do not
// import the drivers.
type File = drivers.Stored

// Found records size and format of the file of a declared image.
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

// Adopt stores an image from another OpenNebula as it is.
func Adopt(tx *store.Tx, img *Image) {
	Kind.Put(tx, img)
	quota.Count(tx, img.UID, img.GID, img.usage())
	datastore.Kind.Table.Touch(tx, store.ID(img.DatastoreID))
}
