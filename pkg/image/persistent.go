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

// Attributes by which users and groups say whether their images are
// persistent: new ones where the template does not say, and copies.
const (
	persistentNew  = "DEFAULT_IMAGE_PERSISTENT_NEW"
	persistentCopy = "DEFAULT_IMAGE_PERSISTENT"
)

// isPersistent tells whether a new image is to be persistent.
func isPersistent(r store.Reader, c *one.Caller, t attr.Template) bool {
	if text, said := t.Lookup("PERSISTENT"); said {
		return isYes(text)
	}
	return isYes(preference(r, c, persistentNew))
}

// preference answers what a caller, or else his group, says in his template.
func preference(r store.Reader, c *one.Caller, name string) string {
	if u, ok := user.Kind.Table.Get(r, store.ID(c.UID)); ok && u.Template.Has(name) {
		return u.Template.Get(name)
	}
	if g, ok := group.Kind.Table.Get(r, store.ID(c.GID)); ok {
		return g.Template.Get(name)
	}
	return ""
}

// SetPersistent decides whether VMs write to the image itself.
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

// fail is an error for what oned calls an internal one.
func fail(format string, args ...any) error { return one.Errorf(one.CodeInternal, format, args...) }

func persistentOnly(stores datastore.Settings, dsMad string) bool {
	conf, _ := stores.DS(dsMad)
	return conf.PersistentOnly
}
