package image

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// SetPersistent decides whether VMs write to the image itself.
func SetPersistent(tx *store.Tx, id int, on bool) error {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	switch {
	case img.Persistent == on:
		return nil
	case img.RunningVMs > 0 || img.CloningOps > 0:
		return refuse("Image cannot be in state USED or CLONE to change its persistence")
	case on && img.Type.IsFile():
		return refuse("KERNEL, RAMDISK and CONTEXT must be non-persistent")
	case !on && img.Type == one.ImageTypeBackup:
		return refuse("BACKUP images must be persistent")
	case !on && len(img.Snapshots.List) > 0:
		return refuse("Image has snapshots, it cannot be made non-persistent")
	}
	img.Persistent = on
	Kind.Put(tx, img)
	return nil
}

// Enable lets VMs use an image, or no longer.
func Enable(tx *store.Tx, id int, on bool) error {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	switch {
	case on && img.State == one.ImageReady || !on && img.State == one.ImageDisabled:
		return nil
	case on && (img.State == one.ImageDisabled || img.State == one.ImageError):
		img.State = one.ImageReady
	case !on && (img.State == one.ImageReady || img.State == one.ImageError):
		img.State = one.ImageDisabled
	case on:
		return refuse("Image cannot be enabled in state: %s", img.State)
	default:
		return refuse("Image cannot be disabled in state: %s", img.State)
	}
	img.Template.Del("ERROR")
	Kind.Put(tx, img)
	return nil
}

// SetType makes an image one of another type that its datastore can hold.
func SetType(tx *store.Tx, id int, name string) error {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	t, ok := one.ParseImageType(strings.ToUpper(name))
	switch {
	case !ok:
		return refuse("Unknown type %s", name)
	case img.State == one.ImageUsed || img.State == one.ImageUsedPers:
		return refuse("Cannot change the type for images that are in use.")
	case t.IsFile() != img.Type.IsFile() || t == one.ImageTypeBackup || img.Type == one.ImageTypeBackup:
		return refuse("Cannot change image type to an incompatible type for the current datastore.")
	}
	img.Type = t
	if t == one.ImageTypeCDROM {
		img.Persistent = true
	}
	Kind.Put(tx, img)
	return nil
}

// updating keeps one value of each attribute, as oned does, and SOURCE from
// those who may not say it.
func updating(_ *store.Tx, c *one.Caller, _, img *Image) error {
	img.Template.KeepLast()
	return DefaultSettings().checkRestricted(c, img.Template)
}

// chowned moves what an image counts for to its new owner's quotas.
func chowned(tx *store.Tx, _ *one.Caller, old, img *Image) error {
	return quota.Move(tx, old.UID, old.GID, img.UID, img.GID, img.usage())
}
