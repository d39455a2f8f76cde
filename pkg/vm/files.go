package vm

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// fileImages parses a list such as $FILE[IMAGE_ID=4] $FILE[IMAGE="x", IMAGE_UNAME="y"] and
// returns the images. The VM's owner needs USE rights on them.
func fileImages(r store.Reader, v *VM, list string) ([]*image.Image, error) {
	var images []*image.Image
	list = strings.TrimLeft(list, " \t\n\v\f\r")
	err := parsePhrases(list, fileStates, func(p phrase) error {
		img, err := fileImage(r, v, p.words)
		if err != nil {
			return bad("Error parsing: %s. %v", list, err)
		}
		images = append(images, img)
		return nil
	})
	return images, err
}

// fileImage returns the image for the parsed words of one variable, such as FILE, IMAGE_ID, 4.
func fileImage(r store.Reader, v *VM, words []string) (*image.Image, error) {
	if strings.ToUpper(words[0]) != "FILE" {
		return nil, bad("Must use FILE variable for attribute.")
	}
	var ref attr.Attr
	for i := len(words) - 2; i > 0; i -= 2 {
		ref.Set(strings.ToUpper(words[i]), words[i+1])
	}
	img, err := namedFile(r, v, strings.ToUpper(words[1]), words[2], &ref)
	if err != nil {
		return nil, err
	}
	owner := &one.Caller{UID: v.UID, GID: v.GID, Groups: []int{v.GID}}
	if u, ok := user.Kind.Table.Get(r, store.ID(v.UID)); ok {
		owner.Groups = u.Groups
	}
	if asks := ask(nil, r, image.Kind, img.ID); !acl.May(r, owner, asks[0]) {
		return nil, bad("User not authorize to use image.")
	}
	return img, nil
}

// namedFile finds an image by ID, or by name and owner.
func namedFile(r store.Reader, v *VM, key, value string, ref *attr.Attr) (*image.Image, error) {
	switch key {
	case "IMAGE_ID":
		id, ok := ref.Int(key)
		if !ok {
			id = 0 // as C++ streams do
		}
		if img, there := image.Kind.Table.Get(r, store.ID(id)); ok && there {
			return img, nil
		}
		return nil, bad("Image with ID: %d does not exist", id)
	case "IMAGE":
		owner, known := image.OwnerNamed(r, v.UID, ref)
		if img, there := image.Kind.Named(r, value, owner); known && there {
			return img, nil
		}
		return nil, bad("User %d does not own an image with name: %s . Set IMAGE_UNAME or IMAGE_UID of owner.", owner, value)
	}
	return nil, bad("Cannot get image, set IMAGE_ID or IMAGE.")
}

// fileContext converts FILES_DS to the format that context drivers expect: source:'name' …
func fileContext(r store.Reader, v *VM, c *attr.Attr, files string) error {
	if files == "" {
		return nil
	}
	images, err := fileImages(r, v, files)
	if err != nil {
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

// bootFile resolves OS/KERNEL_DS or OS/INITRD_DS and sets the attributes that follow from it.
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
