package image

import (
	"cmp"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Enable enables or disables an image. An image in ERROR becomes USED if VMs use it.
func Enable(tx *store.Tx, id int, on bool) error {
	word := "disable"
	if on {
		word = "enable"
	}
	img, err := Kind.Edit(tx, id)
	switch {
	case err != nil: // oned's text has no more
		return fail("Could not %s image: ", word)
	case img.Type == one.ImageTypeBackup:
		return fail("Could not %s image: Backup images cannot be enabled or disabled.", word)
	case on && img.State == one.ImageReady || !on && img.State == one.ImageDisabled:
		return nil
	case on && img.State == one.ImageError && img.Source == "":
		return fail("Could not enable image: it has no file. Delete it and register it again.")
	case on && (img.State == one.ImageDisabled || img.State == one.ImageError):
		img.State = img.byUsers(one.ImageReady, one.ImageUsed, one.ImageUsedPers)
	case !on && (img.State == one.ImageReady || img.State == one.ImageError):
		img.State = one.ImageDisabled
	default:
		return fail("Could not %s image: Image cannot be in state %s.", word, img.State.Told())
	}
	Kind.Put(tx, img)
	return nil
}

// SetType changes the type of an image to one that its datastore can hold.
func SetType(tx *store.Tx, s Settings, id int, name string) error {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	name = strings.ToUpper(cmp.Or(name, s.DefaultType))
	to, known := one.ParseImageType(name)
	switch {
	case img.Type == one.ImageTypeBackup || img.Type == one.ImageTypeFilesystem:
		return refuse("Cannot change type for%s images.", img.Type) // the missing blank is oned's
	case !isOfStore(to, img.Type):
		return refuse("Cannot change image type to an incompatible type for the current datastore.")
	case name != "OS" && name != "DATABLOCK" && len(img.Snapshots.List) > 0:
		return fail("Image with snapshots can be only of type OS or DATABLOCK")
	case !known:
		return fail("%s", unknownType(img.Type))
	}
	img.Type = to
	Kind.Put(tx, img)
	return nil
}

// unknownType is oned's error text for an unknown type. By mistake, oned adds the number of the
// old type to the address of the C string, which cuts off its beginning.
func unknownType(is one.ImageType) string { return "Unknown type "[is:] }

// isOfStore reports whether a datastore that holds images of type is can hold those of type to.
func isOfStore(to, is one.ImageType) bool {
	if is.IsFile() {
		return to.IsFile()
	}
	return to == one.ImageTypeOS || to == one.ImageTypeDatablock || to == one.ImageTypeCDROM
}

// updating keeps one value of each attribute, as oned does.
func updating(_ *store.Tx, _ *one.Caller, _, img *Image) error {
	img.Template.KeepLast()
	return nil
}

// chowned moves the usage of an image to its new owner's quotas.
func chowned(tx *store.Tx, _ *one.Caller, old, img *Image) error {
	return quota.Move(tx, old.UID, old.GID, img.UID, img.GID, img.usage())
}

// DatastoreRenamed updates the datastore's name that is shown in its images.
func DatastoreRenamed(tx *store.Tx, dsID int) {
	var keys []store.Key
	for row := range ByDatastore.Find(tx, decimal(int64(dsID))) {
		keys = append(keys, row.Key)
	}
	for _, key := range keys {
		Kind.Table.Touch(tx, key)
	}
}
