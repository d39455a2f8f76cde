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

// Effects of images, which pkg/imagerun carries out.
const (
	OpImport = "import" // copy the file of PATH, or make an empty one
	OpClone  = "clone"  // copy another image's file
	OpRemove = "remove" // delete the file, then the image
)

// New describes an image to be made.
type New struct {
	Template    attr.Template
	DatastoreID int
	SizeMB      int64 // the size of PATH as the driver sees it, or AsTemplateSays
	Unchecked   bool  // do not check the datastore's free space
	// PersistentOnly is set if the datastore's driver only supports persistent images.
	PersistentOnly bool
	Legacy         attr.Template // see object.Meta
	place          string        // where the file is or will be; see Declare
}

// AsTemplateSays is the SizeMB of an image that the driver cannot inspect: SIZE counts.
const AsTemplateSays = -1

// Allocate registers an image. It is LOCKED until its file has been made, or READY at once if
// it names its SOURCE. Checks are in oned's order, because only the first error is reported.
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

// Check finds errors that oned reports before it checks the caller's rights.
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

// attributes is the template, with the last value of each attribute that it has twice.
func (n New) attributes() attr.Template {
	t := n.Template.Clone()
	t.KeepLast()
	return t
}

// blank is a new image in a datastore, owned by c.
func blank(tx *store.Tx, c *one.Caller, ds *datastore.Datastore) *Image {
	img := &Image{
		State: one.ImageLocked, DatastoreID: ds.ID, DiskType: ds.DiskType,
		CloningID: -1, TargetSnapshot: -1, RegTime: tx.Now.Unix(), ModTime: tx.Now.Unix(),
		Snapshots: Snapshots{DiskID: -1, CurrentBase: -1, AllowOrphans: "NO"},
	}
	img.Own(c)
	return img
}

// register stores a new image and queues the effect op that makes its file; "" queues none.
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

// hasRoom reports whether a datastore has enough free space. A datastore that has never been
// monitored counts as having enough; one whose type was changed has none until it has been
// monitored again, as in oned.
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

// charge adds a new image to its owner's quota usage, if the limits allow it.
func charge(tx *store.Tx, c *one.Caller, img *Image) error {
	err := quota.Charge(tx, img.UID, img.GID, img.usage())
	var e *one.Error
	if errors.As(err, &e) && e.Code == one.CodeAuthorization {
		return one.Errorf(e.Code, "User [%d] : %s", c.UID, e.Msg)
	}
	return err
}

// usage is what an image uses of quotas.
func (i *Image) usage() quota.Delta {
	size := i.SizeMB + i.Snapshots.SizeMB()
	return quota.Delta{
		ClusterID:  quota.NotPlaced,
		Datastores: map[int]quota.Store{i.DatastoreID: {Images: 1, SizeMB: size}},
	}
}

// checkRestricted refuses restricted attributes, unless the caller is an administrator.
func (s Settings) checkRestricted(c *one.Caller, t attr.Template) error {
	if c.IsAdmin() {
		return nil
	}
	if name := s.Restricted.In(t); name != "" {
		return one.Errorf(one.CodeAuthorization, "User [%d] : Template includes a restricted attribute %s.", c.UID, name)
	}
	return nil
}

// NotMade is the start of the error texts of one.image.allocate and one.image.clone.
const NotMade = "Error allocating a new image. "

// cannot is an error that an image cannot be made.
func cannot(format string, args ...any) error {
	return one.Errorf(one.CodeAllocate, NotMade+format, args...)
}

func isYes(text string) bool { return strings.EqualFold(text, "YES") }
