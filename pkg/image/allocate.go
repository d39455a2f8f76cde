package image

import (
	"errors"
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
	SizeMB      int64 // what the driver says of PATH; AsTemplateSays without one
	Unchecked   bool  // the datastore's free space does not matter
	// PersistentOnly is what the datastore's driver demands.
	PersistentOnly bool
	Legacy         attr.Template // see object.Meta
	place          string        // where the file is, or will be: see Declare
}

// AsTemplateSays is the size of an image that the driver cannot look at.
const AsTemplateSays = -1

// Allocate registers an image. It is LOCKED until its file is there; one that
// names its SOURCE is READY at once. The order of the checks is oned's: the
// first thing wrong is what is told.
func Allocate(tx *store.Tx, s Settings, c *one.Caller, n New) (int, error) {
	if err := Check(tx, s, c, n); err != nil {
		return -1, err
	}
	ds, err := datastore.Kind.Get(tx, n.DatastoreID)
	if err != nil {
		return -1, err
	}
	t := n.attributes()
	img := blank(tx, c, ds)
	img.Legacy = n.Legacy
	if img.SizeMB, err = s.size(t, n.SizeMB); err != nil {
		return -1, err
	}
	if err := charge(tx, c, img); err != nil {
		return -1, err
	}
	if n.place != "" {
		t.Set("SOURCE", n.place)
		t.Set("FORMAT", "raw")
	}
	img.Persistent = isPersistent(tx, c, t)
	if n.PersistentOnly && !img.Persistent {
		return -1, cannot("This Datastore only accepts persistent images.")
	}
	if err := s.shape(tx, img, t, ds); err != nil {
		return -1, err
	}
	return register(tx, img, OpImport)
}

// Check tells what is wrong with a new image before anybody asks whether the caller
// may make it, as oned does.
func Check(r store.Reader, s Settings, c *one.Caller, n New) error {
	ds, err := datastore.Kind.Get(r, n.DatastoreID)
	if err != nil {
		return err
	}
	if ds.Type == one.DatastoreSystem || ds.Type == one.DatastoreBackup {
		return cannot("New images can only be allocated in a files or image datastore.")
	}
	t := n.attributes()
	size, err := s.size(t, n.SizeMB)
	if err != nil {
		return err
	}
	if !n.Unchecked && !s.hasRoom(ds, size) {
		return refuse("Not enough space in datastore")
	}
	return s.checkRestricted(c, t)
}

// attributes are what the template says; of what it says twice, the last.
func (n New) attributes() attr.Template {
	t := n.Template.Clone()
	t.KeepLast()
	return t
}

// blank is a new image of c in a datastore.
func blank(tx *store.Tx, c *one.Caller, ds *datastore.Datastore) *Image {
	img := &Image{
		State: one.ImageLocked, DatastoreID: ds.ID, DiskType: ds.DiskType,
		CloningID: -1, TargetSnapshot: -1, RegTime: tx.Now.Unix(), ModTime: tx.Now.Unix(),
		Snapshots: Snapshots{DiskID: -1, CurrentBase: -1, AllowOrphans: "NO"},
	}
	img.Own(c)
	return img
}

// register puts a new image in, and has its file made; op is empty when
// somebody else sees to that.
func register(tx *store.Tx, img *Image, op string) (int, error) {
	if img.Source != "" {
		img.State, op = one.ImageReady, ""
	}
	id, err := Kind.Add(tx, img)
	if err != nil {
		return -1, cannot("%v", err)
	}
	datastore.Kind.Table.Touch(tx, store.ID(img.DatastoreID))
	if op != "" {
		effect.Put(tx, effect.Effect{Kind: one.KindImage, Object: id, Op: op, Host: -1})
	}
	return id, nil
}

// hasRoom tells whether a datastore has so much room left. One that nobody has
// looked at yet is not asked; one that got another type has none, as in oned,
// until it was looked at again.
func (s Settings) hasRoom(ds *datastore.Datastore, sizeMB int64) bool {
	asked, said := ds.Template.Bool("DATASTORE_CAPACITY_CHECK")
	if said && !asked || !said && s.SkipCapacityCheck || ds.TotalMB == 0 && !ds.Retyped {
		return true
	}
	free := ds.FreeMB
	if limit, ok := ds.Template.Int("LIMIT_MB"); ok {
		free = int64(limit) - ds.UsedMB
	}
	return sizeMB <= free
}

// charge counts a new image in the quotas of its owner.
func charge(tx *store.Tx, c *one.Caller, img *Image) error {
	err := quota.Charge(tx, img.UID, img.GID, img.usage())
	var e *one.Error
	if errors.As(err, &e) && e.Code == one.CodeAuthorization {
		return one.Errorf(e.Code, "User [%d] : %s", c.UID, e.Msg)
	}
	return err
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
	if name := s.Restricted.In(t); name != "" {
		return one.Errorf(one.CodeAuthorization, "User [%d] : Template includes a restricted attribute %s.", c.UID, name)
	}
	return nil
}

// NotMade is what one.image.allocate and clone put before the reason of a refusal.
const NotMade = "Error allocating a new image. "

// cannot is oned's refusal to make an image.
func cannot(format string, args ...any) error {
	return one.Errorf(one.CodeAllocate, NotMade+format, args...)
}

func isYes(text string) bool { return strings.EqualFold(text, "YES") }
