package image

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// shape makes an image of a template: what the template says becomes fields,
// the rest stays TEMPLATE (Image::insert).
func (s Settings) shape(tx *store.Tx, n New, ds *datastore.Datastore) (*Image, error) {
	t := n.Template
	t.KeepLast()
	img := &Image{
		State: one.ImageLocked, DatastoreID: ds.ID, DiskType: ds.DiskType,
		CloningID: -1, TargetSnapshot: -1, RegTime: tx.Now.Unix(), ModTime: tx.Now.Unix(),
	}
	img.Snapshots = Snapshots{DiskID: -1, CurrentBase: -1, AllowOrphans: cmp.Or(ds.Template.Get("ALLOW_ORPHANS"), "NO")}
	img.Name = cut(&t, "NAME")
	var ok bool
	if img.Type, ok = one.ParseImageType(strings.ToUpper(cmp.Or(cut(&t, "TYPE"), s.DefaultType))); !ok {
		return nil, cannot("Unknown type %s", n.Template.Get("TYPE"))
	}
	img.Persistent = isYes(cut(&t, "PERSISTENT"))
	s.fitType(img, &t)
	if err := checkStore(img.Type, ds); err != nil {
		return nil, err
	}
	if err := img.sizeFrom(cut(&t, "SIZE"), n.SizeMB); err != nil {
		return nil, err
	}
	img.FS = cut(&t, "FS")
	t.Del("DRIVER")
	img.Path, img.Source, img.Format = cut(&t, "PATH"), cut(&t, "SOURCE"), cut(&t, "FORMAT")
	t.Del("TM_MAD")
	if err := img.originate(ds); err != nil {
		return nil, err
	}
	img.Template = t
	return img, nil
}

// fitType keeps what a type of image may have: only disks are persistent, and
// only those that are written have a bus of their own.
func (s Settings) fitType(img *Image, t *attr.Template) {
	switch img.Type {
	case one.ImageTypeOS, one.ImageTypeDatablock:
		if t.Get("DEV_PREFIX") == "" {
			t.Set("DEV_PREFIX", s.DevicePrefix)
		}
	case one.ImageTypeFilesystem:
		t.Del("DEV_PREFIX")
	case one.ImageTypeCDROM:
		// oned shows CDs as persistent: all their VMs read the one file.
		img.Persistent = true
		t.Del("DEV_PREFIX")
	default:
		img.Persistent = false
		t.Del("DEV_PREFIX")
	}
}

// checkStore refuses a datastore that is not for images of a type.
func checkStore(t one.ImageType, ds *datastore.Datastore) error {
	switch {
	case ds.Type == one.DatastoreSystem:
		return cannot("New images cannot be allocated in a system datastore.")
	case ds.Type == one.DatastoreBackup:
		return cannot("New images cannot be allocated in a backup datastore.")
	case t.IsFile() && ds.Type != one.DatastoreFile:
		return cannot("IMAGES of type KERNEL, RAMDISK and CONTEXT cannot be registered in an IMAGE_DS datastore")
	case !t.IsFile() && ds.Type == one.DatastoreFile:
		return cannot("IMAGES of type OS, CDROM and DATABLOCK cannot be registered in a FILE_DS datastore")
	}
	return nil
}

// sizeFrom takes the size that the driver found, or else the one asked for.
func (i *Image) sizeFrom(asked string, found int64) error {
	if found > 0 {
		i.SizeMB = found
		return nil
	}
	n, err := strconv.ParseInt(strings.TrimSpace(asked), 10, 64)
	if err != nil || n <= 0 {
		return one.Errorf(one.CodeInternal, "Cannot parse image SIZE: Wrong number or missing SIZE attribute.")
	}
	i.SizeMB = n
	return nil
}

// originate checks where the image's bytes come from.
func (i *Image) originate(ds *datastore.Datastore) error {
	switch {
	case i.Source != "" && i.Path != "":
		return cannot("PATH and SOURCE cannot be both set.")
	case i.Source != "" && i.Format == "":
		return cannot("SOURCE needs FORMAT to be set.")
	case i.Source != "":
	case i.Path != "":
		i.Format = "" // the driver tells
	case i.Type == one.ImageTypeDatablock || i.Type == one.ImageTypeOS:
		i.Format = cmp.Or(ds.Template.Get("DRIVER"), i.Format, "raw")
	default:
		return cannot("No PATH nor SOURCE in template.")
	}
	return nil
}

// cut reads an attribute and removes it: it becomes a field of the image.
func cut(t *attr.Template, name string) string {
	v := t.Get(name)
	t.Del(name)
	return v
}
