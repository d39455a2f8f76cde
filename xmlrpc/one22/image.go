package one22

import (
	"context"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

func imageMethods() []method {
	return []method{
		{name: "one.image.allocate", class: "ImageAllocate", params: texts("template"), do: change(imageAllocate)},
		{name: "one.image.delete", class: "ImageDelete", params: ints("id"), do: change(imageForget)},
		{name: "one.image.info", class: "ImageInfo", params: ints("id"), do: imageInfo},
		{name: "one.image.update", class: "ImageUpdate", params: append(ints("id"), texts("name", "value")...), do: change(imageUpdate)},
		{name: "one.image.rmattr", class: "ImageRemoveAttribute", params: append(ints("id"), texts("name")...), do: change(imageRemove)},
		{name: "one.image.enable", class: "ImageEnable", params: flag("enable"), do: imageEnable},
		{name: "one.image.publish", class: "ImagePublish", params: flag("publish"), do: change(imagePublish)},
		{name: "one.image.persistent", class: "ImagePersistent", params: flag("persistent"), do: change(imagePersistent)},
		filteredOf(image.Kind, "one.imagepool.info", "ImagePoolInfo", "IMAGE_POOL", isKnownImage, ImagePool),
	}
}

// imageTypes are those of 2.2.
var imageTypes = map[string]bool{"": true, "OS": true, "CDROM": true, "DATABLOCK": true}

// imageAllocate registers an image whose owner will put the file into place.
func imageAllocate(tx *store.Tx, s *Server, c *call) (any, error) {
	words, err := attr.Parse(c.Text(1) + "\n")
	if err != nil {
		return nil, unreadable("IMAGE TEMPLATE", err, ". Reason: ")
	}
	cannot := func(why string) error { return failed("CREATE", "IMAGE", unnamed, 0, " "+why) }
	name, public, persistent := words.Get("NAME"), isYes(words.Get("PUBLIC")), isYes(words.Get("PERSISTENT"))
	switch {
	case name == "":
		return nil, cannot("NAME not present in image template.")
	case !imageTypes[strings.ToUpper(words.Get("TYPE"))]:
		return nil, cannot("Incorrect TYPE in image template.")
	case public && persistent:
		return nil, cannot("Image cannot be public and persistent.")
	}
	if _, taken := image.Kind.ByName.First(tx, name); taken {
		return nil, cannot("Error inserting Image in DB.")
	}
	id, err := image.Declare(tx, s.Images, c.Caller, image.New{
		Template: declared(words, persistent), DatastoreID: datastore.DefaultID, Unchecked: true, Legacy: imageWords(words),
	})
	if err != nil {
		return nil, failed("CREATE", "IMAGE", unnamed, 0, because(err))
	}
	img, _ := image.Kind.Edit(tx, id)
	publish(&img.Meta, public)
	image.Kind.Put(tx, img)
	return id, nil
}

func isYes(text string) bool { return strings.EqualFold(text, "YES") }

// declared is the template for today's rules: 2.2's words, except what is decided here.
func declared(words attr.Template, persistent bool) attr.Template {
	t := words.Clone()
	t.Del("PUBLIC")
	t.Set("PERSISTENT", attr.YesNo(persistent))
	if t.Get("TYPE") == "" {
		t.Set("TYPE", "OS")
	}
	if t.Get("DEV_PREFIX") == "" {
		t.Set("DEV_PREFIX", devicePrefix)
	}
	return t
}

// devicePrefix is DEFAULT_DEVICE_PREFIX of 2.2's oned.conf.
const devicePrefix = "hd"

// imageWords is the template that 2.2 shows.
func imageWords(words attr.Template) attr.Template {
	t := words.Clone()
	t.Del("PUBLIC")
	t.Del("PERSISTENT")
	if t.Get("DEV_PREFIX") == "" {
		t.Set("DEV_PREFIX", devicePrefix)
	}
	return t
}

// knownImage returns a copy of an image that 2.2 shows, to be changed.
func knownImage(tx *store.Tx, id int) (*image.Image, error) {
	img, ok := image.Kind.Table.Edit(tx, store.ID(id))
	if !ok || !isKnownImage(img) {
		return nil, noSuch("IMAGE", id)
	}
	return img, nil
}

// isKnownImage leaves out types that have no number in 2.2, and images being deleted.
func isKnownImage(img *image.Image) bool {
	return img.Type <= one.ImageTypeDatablock && img.State != one.ImageDelete
}

// ownImage is knownImage for what only the owner may do.
func ownImage(tx *store.Tx, c *call, action string) (*image.Image, error) {
	img, err := knownImage(tx, c.Int(1))
	if err != nil {
		return nil, err
	}
	return img, c.owns(&img.Meta, action, "IMAGE")
}

// imageForget is one.image.delete. Tools of that time put the file of an image into place,
// and remove it once the image is gone; RENKEI-VPE's server reports a failure if the file
// is gone already. The files of other images are deleted with them.
func imageForget(tx *store.Tx, _ *Server, c *call) (any, error) {
	return deleteImage(tx, c, func(img *image.Image) error {
		if img.Legacy == nil {
			return image.Delete(tx, img.ID, false)
		}
		return image.Forget(tx, img.ID)
	})
}

// imageDelete deletes an image with its file.
func imageDelete(tx *store.Tx, _ *Server, c *call) (any, error) {
	return deleteImage(tx, c, func(img *image.Image) error { return image.Delete(tx, img.ID, false) })
}

func deleteImage(tx *store.Tx, c *call, end func(*image.Image) error) (any, error) {
	img, err := ownImage(tx, c, "DELETE")
	if err != nil {
		return nil, err
	}
	acl.ForgetObject(tx, one.KindImage, img.ID)
	if err := end(img); err != nil {
		return nil, failed("DELETE", "IMAGE", img.ID, -1, ". Reason: VMs might be running on it.")
	}
	return img.ID, nil
}

// imageUpdate sets one attribute, both in 2.2's words and for everybody else.
func imageUpdate(tx *store.Tx, s *Server, c *call) (any, error) {
	img, err := ownImage(tx, c, "MANAGE")
	if err != nil {
		return nil, err
	}
	t := attr.Template{}
	t.Set(c.Text(2), c.Text(3))
	if img.Legacy == nil {
		img.Legacy = wordsOfImage(img)
	}
	img.Legacy.Merge(t)
	if !s.isRestricted(c, t) {
		img.Template.Merge(t)
	}
	image.Kind.Put(tx, img)
	return img.ID, nil
}

// isRestricted reports whether only administrators may set an attribute. From others it is
// stored as a word of 2.2, without effect.
func (s *Server) isRestricted(c *call, t attr.Template) bool {
	for _, name := range s.Images.Restricted {
		if t.Has(name) && !c.Caller.IsAdmin() {
			return true
		}
	}
	return false
}

func imageRemove(tx *store.Tx, _ *Server, c *call) (any, error) {
	img, err := ownImage(tx, c, "MANAGE")
	if err != nil {
		return nil, err
	}
	if img.Legacy == nil {
		img.Legacy = wordsOfImage(img)
	}
	name := strings.ToUpper(c.Text(2))
	img.Legacy.Del(name)
	img.Template.Del(name)
	image.Kind.Put(tx, img)
	return img.ID, nil
}

// imageEnable looks at the file first, which the owner has put into place.
func imageEnable(ctx context.Context, s *Server, c *call) (any, error) {
	if _, ok := image.Kind.Table.Get(c.Snap, store.ID(c.Int(1))); !ok {
		return nil, noSuch("IMAGE", c.Int(1))
	}
	var found image.File
	var missing error
	if c.Bool(2) {
		found, missing = s.Files.Find(ctx, c.Snap, c.Int(1))
	}
	err := s.Store.Update(ctx, func(tx *store.Tx) error { return enable(tx, s, c, found, missing) })
	return c.Int(1), err
}

func enable(tx *store.Tx, s *Server, c *call, found image.File, missing error) error {
	img, err := ownImage(tx, c, "MANAGE")
	if err != nil {
		return err
	}
	on, todo, is := c.Bool(2), "DISABLE", imageState(img.State)
	if on {
		todo = "ENABLE"
	}
	switch {
	case on && is != imageDisabled: // it is enabled already
		return nil
	case on && missing != nil:
		return failed(todo, "IMAGE", img.ID, -1, because(missing))
	case !on && is == imageUsed:
		return failed(todo, "IMAGE", img.ID, -1, "")
	}
	if on {
		if err := image.Found(tx, img.ID, found); err != nil {
			return err
		}
	}
	if err := image.Enable(tx, img.ID, on); err != nil {
		return failed(todo, "IMAGE", img.ID, -1, because(err))
	}
	return vm.ImageDone(tx, s.VMs, img.ID)
}

func imagePublish(tx *store.Tx, _ *Server, c *call) (any, error) {
	img, err := ownImage(tx, c, "MANAGE")
	if err != nil {
		return nil, err
	}
	if c.Bool(2) && img.Persistent {
		return nil, failed("MANAGE", "IMAGE", img.ID, 0, ". Is the image persistent? An Image cannot be public and persistent.")
	}
	publish(&img.Meta, c.Bool(2))
	image.Kind.Put(tx, img)
	return img.ID, nil
}

func imagePersistent(tx *store.Tx, s *Server, c *call) (any, error) {
	img, err := ownImage(tx, c, "MANAGE")
	if err != nil {
		return nil, err
	}
	if c.Bool(2) && (isPublic(&img.Meta) || img.RunningVMs > 0) {
		return nil, failed("MANAGE", "IMAGE", img.ID, 0, " Is the image public? An Image cannot be public and persistent.")
	}
	if err := image.SetPersistent(tx, s.Stores, img.ID, c.Bool(2)); err != nil {
		return nil, failed("MANAGE", "IMAGE", img.ID, 0, because(err))
	}
	return img.ID, nil
}
