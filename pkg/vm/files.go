package vm

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// fileImages reads a list such as $FILE[IMAGE_ID=4] $FILE[IMAGE="x",
// IMAGE_UNAME="y"] and answers the images it names.
func fileImages(r store.Reader, v *VM, list string) ([]*image.Image, error) {
	var images []*image.Image
	for rest := list; ; {
		_, after, found := strings.Cut(rest, "$FILE[")
		if !found {
			return images, nil
		}
		inside, next, closed := strings.Cut(after, "]")
		if !closed {
			return nil, bad("Error parsing %s: the ] of $FILE is missing", list)
		}
		img, err := fileImage(r, v, inside)
		if err != nil {
			return nil, err
		}
		images = append(images, img)
		rest = next
	}
}

func fileImage(r store.Reader, v *VM, inside string) (*image.Image, error) {
	var ref attr.Attr
	for part := range strings.SplitSeq(inside, ",") {
		key, value, _ := strings.Cut(part, "=")
		ref.Set(strings.ToUpper(strings.TrimSpace(key)), strings.Trim(strings.TrimSpace(value), `"`))
	}
	id, named, err := image.Resolve(r, v.UID, &ref)
	if err != nil {
		return nil, bad("%v", err)
	}
	if img, there := image.Kind.Table.Get(r, store.ID(id)); named && there {
		return img, nil
	}
	return nil, bad("Image no longer exists in attribute: $FILE[%s]", inside)
}

// fileContext turns FILES_DS into what the context driver takes: source:'name'.
func fileContext(r store.Reader, v *VM, c *attr.Attr, files string) error {
	images, err := fileImages(r, v, files)
	if err != nil || len(images) == 0 {
		return err
	}
	var list strings.Builder
	for _, img := range images {
		if img.Type != one.ImageTypeContext {
			return bad("Only images of type CONTEXT can be used in FILE_DS attribute.")
		}
		if img.State != one.ImageReady {
			return bad("%s Image '%d' not in READY state.", img.Type, img.ID)
		}
		list.WriteString(img.Source + ":'" + img.Name + "' ")
	}
	c.Set("FILES_DS", list.String())
	return nil
}

// bootFile completes OS/KERNEL_DS or OS/INITRD_DS: the file it names.
func bootFile(r store.Reader, v *VM, os *attr.Attr, name string, kind one.ImageType) error {
	ref := os.Get(name + "_DS")
	if ref == "" {
		return nil
	}
	images, err := fileImages(r, v, ref)
	if err != nil {
		return err
	}
	if len(images) != 1 {
		return bad("Only one FILE variable can be used in: %s", ref)
	}
	img := images[0]
	if img.Type != kind {
		return bad("%s needs an image of type %s and not %s", name, kind, img.Type)
	}
	if img.State != one.ImageReady {
		return bad("%s Image '%d 'not in READY state.", img.Type, img.ID)
	}
	ds, ok := datastore.Kind.Table.Get(r, store.ID(img.DatastoreID))
	if !ok {
		return bad("Associated datastore for image does not exist")
	}
	os.Del(name)
	os.Set(name+"_DS_ID", decimal(img.ID))
	os.Set(name+"_DS_SOURCE", img.Source)
	os.Set(name+"_DS_DSID", decimal(ds.ID))
	os.Set(name+"_DS_TM", ds.TMMad)
	os.Set(name+"_DS_CLUSTER_ID", joinIDs(ds.Clusters))
	return nil
}
