package image

import (
	"cmp"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// shape makes fields of the image from attributes of the template; the others stay there
// (ImagePool::allocate, Image::insert).
func (s Settings) shape(r store.Reader, img *Image, t attr.Template, ds *datastore.Datastore) error {
	img.Name = cut(&t, "NAME")
	if err := s.introduce(r, img, &t, ds); err != nil {
		return err
	}
	t.Del("SIZE")
	img.FS = cut(&t, "FS")
	t.Del("DRIVER")
	img.Path, img.Source, img.Format = cut(&t, "PATH"), cut(&t, "SOURCE"), cut(&t, "FORMAT")
	t.Del("TM_MAD")
	if err := img.originate(&t, ds); err != nil {
		return err
	}
	img.Template = t
	return nil
}

// introduce checks the name and type of a new image, in the order of oned's errors.
func (s Settings) introduce(r store.Reader, img *Image, t *attr.Template, ds *datastore.Datastore) error {
	if err := img.CheckName(img.Name, ""); err != nil {
		return cannot("%v", err)
	}
	name := strings.ToUpper(cmp.Or(t.Get("TYPE"), s.DefaultType))
	if err := checkStore(typeOf(name), ds); err != nil {
		return err
	}
	if err := Kind.CheckName(r, &img.Meta); err != nil {
		return cannot("%v", err)
	}
	return s.setType(img, t, ds)
}

// setType sets the type from TYPE, and adapts what depends on it.
func (s Settings) setType(img *Image, t *attr.Template, ds *datastore.Datastore) error {
	name := strings.ToUpper(cmp.Or(cut(t, "TYPE"), s.DefaultType))
	if err := checkStore(typeOf(name), ds); err != nil {
		return err
	}
	var known bool
	if img.Type, known = one.ParseImageType(name); !known {
		return cannot("Unknown type ") // oned's text does not say which
	}
	t.Del("PERSISTENT")
	s.fitType(img, t)
	return nil
}

// fitType clears what a type of image cannot have: only disks that can be written may be
// persistent, and only they have a DEV_PREFIX of their own.
func (s Settings) fitType(img *Image, t *attr.Template) {
	switch img.Type {
	case one.ImageTypeOS, one.ImageTypeDatablock:
		if t.Get("DEV_PREFIX") == "" {
			t.Set("DEV_PREFIX", s.DevicePrefix)
		}
	case one.ImageTypeFilesystem:
		t.Del("DEV_PREFIX")
	default:
		img.Persistent = false
		t.Del("DEV_PREFIX")
	}
	if !img.Persistent && strings.EqualFold(t.Get("PERSISTENT_TYPE"), "SHAREABLE") {
		t.Del("PERSISTENT_TYPE")
	}
}

// checkStore refuses a datastore that does not hold images of a type.
func checkStore(t one.ImageType, ds *datastore.Datastore) error {
	switch {
	case t == one.ImageTypeBackup && ds.Type != one.DatastoreBackup:
		return cannot("IMAGES of type BACKUP can only be registered in an BACKUP_DS datastore")
	case t.IsFile() && ds.Type != one.DatastoreFile:
		return cannot("IMAGES of type KERNEL, RAMDISK and CONTEXT cannot be registered in an IMAGE_DS datastore")
	case !t.IsFile() && ds.Type != one.DatastoreImage:
		return cannot("Only IMAGES of type KERNEL, RAMDISK and CONTEXT can be registered in a FILE_DS datastore")
	}
	return nil
}

// originate checks the attributes that say where the content comes from: SOURCE, PATH, SIZE.
func (i *Image) originate(t *attr.Template, ds *datastore.Datastore) error {
	switch {
	case i.Source != "" && i.Path != "":
		return cannot("PATH and SOURCE cannot be both set.")
	case i.Source != "" && i.Format == "":
		return cannot("SOURCE needs FORMAT to be set.")
	case i.Source != "":
	case i.Path != "":
		i.Format = "" // the driver detects it
	case i.Type == one.ImageTypeDatablock || i.Type == one.ImageTypeOS:
		if driver := ds.Template.Get("DRIVER"); driver != "" {
			t.Set("DRIVER", driver)
			i.Format = driver
		}
		i.Format = cmp.Or(i.Format, "raw")
	case i.Type == one.ImageTypeFilesystem:
		i.Format = "dir"
	default:
		return cannot("No PATH nor SOURCE in template.")
	}
	return nil
}

// cut removes an attribute and returns its value.
func cut(t *attr.Template, name string) string {
	v := t.Get(name)
	t.Del(name)
	return v
}
