package image

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// The effects of images: what their runner does.
const (
	OpImport = "import" // copy or make the file
	OpClone  = "clone"  // copy another image's
	OpRemove = "remove" // delete the file, then the image
)

// New is what an image is made of.
type New struct {
	Template    attr.Template
	DatastoreID int
	SizeMB      int64 // what the driver says of PATH; 0 takes SIZE
	Unchecked   bool  // the datastore's free space does not matter
}

// Allocate registers an image. It is LOCKED until its file is there.
func Allocate(tx *store.Tx, s Settings, c *one.Caller, n New) (int, error) {
	ds, err := datastore.Kind.Get(tx, n.DatastoreID)
	if err != nil {
		return -1, err
	}
	if err := s.checkRestricted(c, n.Template); err != nil {
		return -1, err
	}
	img, err := s.shape(tx, n, ds)
	if err != nil {
		return -1, err
	}
	img.Own(c)
	if err := admit(tx, img, ds, n.Unchecked || s.SkipCapacityCheck); err != nil {
		return -1, err
	}
	id, err := Kind.Add(tx, img)
	if err != nil {
		return -1, one.Errorf(one.CodeAllocate, "Error allocating a new image. %v", err)
	}
	datastore.Kind.Table.Touch(tx, store.ID(ds.ID))
	effect.Put(tx, effect.Effect{Kind: one.KindImage, Object: id, Op: OpImport, Host: -1})
	return id, nil
}

// admit finds the room for an image in its datastore and its owner's quota.
func admit(tx *store.Tx, img *Image, ds *datastore.Datastore, unchecked bool) error {
	if !unchecked && ds.TotalMB > 0 && img.SizeMB > ds.FreeMB {
		return one.Errorf(one.CodeAction, "Not enough space in datastore")
	}
	return quota.Charge(tx, img.UID, img.GID, img.usage())
}

// usage is what an image counts for in quotas.
func (i *Image) usage() quota.Delta {
	size := i.SizeMB + i.Snapshots.SizeMB()
	return quota.Delta{
		ClusterID:  quota.NotPlaced,
		Datastores: map[int]quota.Store{i.DatastoreID: {Images: 1, SizeMB: size}},
	}
}

// checkRestricted refuses what only administrators may say of an image.
func (s Settings) checkRestricted(c *one.Caller, t attr.Template) error {
	if c.IsAdmin() {
		return nil
	}
	for _, name := range s.Restricted {
		if t.Has(name) {
			return one.Errorf(one.CodeAuthorization, "User [%d] : Template includes a restricted attribute %s.", c.UID, name)
		}
	}
	return nil
}

// cannot is oned's refusal to make an image.
func cannot(format string, args ...any) error {
	return one.Errorf(one.CodeAllocate, "Error allocating a new image. "+format, args...)
}

func isYes(text string) bool { return strings.EqualFold(text, "YES") }
