package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func imageMethods() []method {
	flag := func(name string) xmlrpc.Param { return xmlrpc.Param{Name: name, Type: xmlrpc.Bool} }
	return []method{
		{
			name: "one.image.allocate",
			params: params(pTemplate, xmlrpc.Param{Name: "datastore id", Type: xmlrpc.Int},
				xmlrpc.Param{Name: "do not check capacity", Type: xmlrpc.Bool, Optional: true, Default: false}),
			may: mayAllocateImage, do: imageAllocate,
		},
		{
			name:   "one.image.delete",
			params: params(pID, xmlrpc.Param{Name: "force", Type: xmlrpc.Bool, Optional: true, Default: false}),
			may:    mayDeleteImage, do: deleting(one.KindImage, imageDelete),
		},
		images.infoOf("image"),
		updateOf("image", image.Kind, one.Manage),
		renameOf("image", image.Kind, one.Manage),
		chmodOf("image", image.Kind),
		chownOf("image", image.Kind),
		lockOf("image", image.Kind),
		unlockOf("image", image.Kind),
		{name: "one.image.persistent", params: params(pID, flag("persistent")), may: basic(image.Kind, one.Manage, 1), do: change(imagePersistent)},
		{name: "one.image.enable", params: params(pID, flag("enable")), may: basic(image.Kind, one.Manage, 1), do: change(imageEnable)},
		{
			name: "one.image.chtype", params: params(pID, xmlrpc.Param{Name: "type", Type: xmlrpc.String}),
			may: basic(image.Kind, one.Manage, 1), do: change(imageChtype),
		},
		{
			name:   "one.image.clone",
			params: params(pID, pName, xmlrpc.Param{Name: "datastore id, -1 keep", Type: xmlrpc.Int, Optional: true, Default: int32(-1)}),
			may:    mayCloneImage, do: change(imageClone),
		},
		imageSnapshot("snapshotdelete", image.DeleteSnapshot),
		imageSnapshot("snapshotrevert", image.RevertSnapshot),
		imageSnapshot("snapshotflatten", image.FlattenSnapshot),
		images.filteredOf("imagepool"),
	}
}

var images = pool[image.Image]{kind: image.Kind, root: "IMAGE_POOL", write: render.Image}

// imageSnapshot makes a method for a snapshot of an image.
func imageSnapshot(verb string, rule func(tx *store.Tx, id, snapshot int) error) method {
	return method{
		name: "one.image." + verb, params: ints("object id", "snapshot id"), may: basic(image.Kind, one.Manage, 1),
		do: change(byIDs(rule)),
	}
}

// ImageSizer finds the size of a new image.
type ImageSizer interface {
	// Size returns the size in MiB, or image.AsTemplateSays. It fails if PATH cannot be used.
	Size(ctx context.Context, snap *store.Snap, datastoreID int, t attr.Template) (int64, error)
}

// mayAllocateImage needs to create images, and USE of the datastore and of the app that the
// image is made from. oned does not check the app. As in oned, errors in the template come
// first, except those that need a look at the file, which is only done for callers with the
// rights.
func mayAllocateImage(c *call) ([]acl.Ask, error) {
	n, err := c.newImage()
	if err != nil {
		return nil, err
	}
	if n.SizeMB != image.AsTemplateSays || !image.FromFile(n.Template) {
		if err := image.Check(c.Snap, c.Server.Images, c.Caller, n); err != nil {
			return nil, err
		}
	}
	asks, err := all(create(one.KindImage), on(datastore.Kind, one.Use, 2))(c)
	if id, given := n.Template.Int("FROM_APP"); given && err == nil {
		asks = append(asks, askIfThere(c, market.Apps, one.Use, id)...)
	}
	return asks, err
}

// imageAllocate finds the size before the transaction, because that needs file access.
func imageAllocate(ctx context.Context, s *Server, c *call) (any, error) {
	n, err := c.newImage()
	if err != nil {
		return nil, err
	}
	if n.SizeMB == image.AsTemplateSays {
		if n.SizeMB, err = s.Sizes.Size(ctx, c.Snap, n.DatastoreID, n.Template); err != nil {
			return nil, err
		}
	}
	return s.update(ctx, c, func(tx *store.Tx) (any, error) {
		n.PersistentOnly = s.persistentOnly(tx, n.DatastoreID)
		return image.Allocate(tx, s.Images, c.Caller, n)
	})
}

// newImage is the image that a call describes. If it is made from an app of a marketplace, the
// app completes the template.
func (c *call) newImage() (image.New, error) {
	n := image.New{DatastoreID: c.Int(2), SizeMB: image.AsTemplateSays, Unchecked: c.Bool(3) && c.Caller.IsAdmin()}
	given, err := c.Template(1)
	if err != nil {
		return n, err
	}
	n.Template = given.Clone()
	ds, err := datastore.Kind.Get(c.Snap, n.DatastoreID)
	if err != nil {
		return n, err
	}
	if ds.Type != one.DatastoreImage && ds.Type != one.DatastoreFile {
		return n, image.Check(c.Snap, c.Server.Images, c.Caller, n) // it refuses the template
	}
	size, fromApp, err := market.ImageTemplate(c.Snap, &n.Template, ds.Template.Get("DRIVER") != "")
	if err != nil {
		return n, err
	}
	if !fromApp {
		return n, fromBackupDS(c.Snap, n.Template)
	}
	n.SizeMB = size
	return n, nil
}

// fromBackupDS refuses a template with FROM_BACKUP_DS of a datastore that does not exist.
func fromBackupDS(r store.Reader, t attr.Template) error {
	id, given := t.Int("FROM_BACKUP_DS")
	if _, there := datastore.Kind.Table.Get(r, store.ID(id)); given && !there {
		return one.Errorf(one.CodeInternal, "Could not get associated backup datastore.")
	}
	return nil
}

// persistentOnly reports whether all images in a datastore must be persistent.
func (s *Server) persistentOnly(r store.Reader, dsID int) bool {
	ds, ok := datastore.Kind.Table.Get(r, store.ID(dsID))
	if !ok {
		return false
	}
	conf, _ := s.Datastores.DS(ds.DSMad)
	return conf.PersistentOnly
}

// mayDeleteImage needs more rights for an image that is still being made. Without force,
// deletion of such an image is refused before the rights are checked.
func mayDeleteImage(c *call) ([]acl.Ask, error) {
	img, err := image.Kind.Get(c.Snap, c.Int(1))
	if err != nil {
		return nil, err
	}
	right := one.Manage
	if img.State.IsLocked() {
		right = one.Admin
		if !c.Bool(2) {
			return nil, image.ErrBeingMade(img.ID)
		}
	}
	return askOn(c, image.Kind, right, c.Int(1))
}

func imageDelete(tx *store.Tx, _ *Server, c *call) (int, error) {
	img, err := image.Kind.Get(tx, c.Int(1))
	if err != nil {
		return -1, err
	}
	if err := vm.CheckBackupRemoval(tx, img); err != nil {
		return -1, err
	}
	return c.Int(1), image.Delete(tx, c.Int(1), c.Bool(2))
}

func imagePersistent(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), image.SetPersistent(tx, s.Datastores, c.Int(1), c.Bool(2))
}

// imageEnable also updates the VMs that wait for the image.
func imageEnable(tx *store.Tx, s *Server, c *call) (int, error) {
	if err := image.Enable(tx, c.Int(1), c.Bool(2)); err != nil {
		return -1, err
	}
	return c.Int(1), vm.ImageDone(tx, s.VMs, c.Int(1))
}

func imageChtype(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), image.SetType(tx, s.Images, c.Int(1), c.Text(2))
}

func imageClone(tx *store.Tx, s *Server, c *call) (int, error) {
	return image.Clone(tx, s.Images, c.Caller, c.Int(1), image.Copy{Name: c.Text(2), DatastoreID: c.Int(3)})
}

// mayCloneImage needs the image, and the datastores of the image and of the copy.
func mayCloneImage(c *call) ([]acl.Ask, error) {
	img, err := image.Kind.Get(c.Snap, c.Int(1))
	if err != nil {
		return nil, err
	}
	if err := image.CheckCopy(c.Snap, c.Server.Images, img, c.Int(3)); err != nil {
		return nil, err
	}
	asks, err := all(create(one.KindImage), on(image.Kind, one.Use, 1))(c)
	if err != nil {
		return nil, err
	}
	if to := c.Int(3); to >= 0 && to != img.DatastoreID {
		target, err := askOn(c, datastore.Kind, one.Use, to)
		if err != nil {
			return nil, err
		}
		asks = append(asks, target...)
	}
	from, err := askOn(c, datastore.Kind, one.Use, img.DatastoreID)
	return append(asks, from...), err
}
