package image

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// Attributes of users and groups that decide whether new images, and copies, are persistent if
// the call does not say so.
const (
	persistentNew  = "DEFAULT_IMAGE_PERSISTENT_NEW"
	persistentCopy = "DEFAULT_IMAGE_PERSISTENT"
)

// isPersistent reports whether a new image is to be persistent.
func isPersistent(r store.Reader, c *one.Caller, t attr.Template) bool {
	if text, said := t.Lookup("PERSISTENT"); said {
		return isYes(text)
	}
	return isYes(preference(r, c, persistentNew))
}

// preference returns an attribute from the template of the caller, or else of the group.
func preference(r store.Reader, c *one.Caller, name string) string {
	if u, ok := user.Kind.Table.Get(r, store.ID(c.UID)); ok && u.Template.Has(name) {
		return u.Template.Get(name)
	}
	if g, ok := group.Kind.Table.Get(r, store.ID(c.GID)); ok {
		return g.Template.Get(name)
	}
	return ""
}

// SetPersistent serves one.image.persistent.
func SetPersistent(tx *store.Tx, stores datastore.Settings, id int, on bool) error {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	words := "non-persistent"
	if on {
		words = "persistent"
	}
	if img.Persistent == on {
		return nil
	}
	ds, there := datastore.Kind.Table.Get(tx, store.ID(img.DatastoreID))
	switch {
	case !there:
		return fail("Datastore no longer exists.")
	case strings.EqualFold(ds.DSMad, "lvm"):
		return fail("lvm datastores doesn't support change of image persistency.")
	case img.Type.IsFile():
		return refuse("KERNEL, RAMDISK and CONTEXT must be non-persistent")
	case img.Type == one.ImageTypeBackup:
		return refuse("BACKUP images must be persistent")
	case !on && persistentOnly(stores, ds.DSMad):
		return fail("This Datastore only accepts persistent images.")
	case !on && len(img.Snapshots.List) > 0:
		return fail("Could not make image %s: Image has snapshots.", words)
	case img.RunningVMs > 0 || img.CloningOps > 0:
		return fail("Could not make image %s: Image cannot be in state %s.", words, img.State.Told())
	}
	img.Persistent = on
	Kind.Put(tx, img)
	return nil
}

// fail is an error with the code of internal errors, as oned has it.
func fail(format string, args ...any) error { return one.Errorf(one.CodeInternal, format, args...) }

func persistentOnly(stores datastore.Settings, dsMad string) bool {
	conf, _ := stores.DS(dsMad)
	return conf.PersistentOnly
}
