package template

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// CloneWithImages clones a template and the images of its disks.
func CloneWithImages(tx *store.Tx, s image.Settings, c *one.Caller, id int, name string) (int, error) {
	origin, err := Kind.Get(tx, id)
	if err != nil {
		return -1, err
	}
	return addWithImages(tx, s, c, name, origin.Template, false)
}

// addWithImages registers a template whose disks have clones of their images, named
// <name>-disk-<n>.
func addWithImages(tx *store.Tx, s image.Settings, c *one.Caller, name string, t attr.Template, persistent bool) (int, error) {
	if err := checkName(tx, c, name); err != nil {
		return -1, err
	}
	t = t.Clone()
	for n, disk := range t.Vectors("DISK") {
		imageID, named, err := image.Resolve(tx, c.UID, disk)
		if err != nil || !named {
			continue // an image that the caller does not have: other users of the template may have one of that name
		}
		err = copyDisk(tx, s, c, disk, imageID, image.Copy{
			Name: name + "-disk-" + strconv.Itoa(n), DatastoreID: -1, Persistent: persistent,
		})
		if err != nil {
			return -1, one.Errorf(one.CodeAction, "Failed to clone images: %s", bare(c, err))
		}
	}
	return add(tx, c, name, t)
}

// bare is an error text without the prefix and suffix that API calls add.
func bare(c *one.Caller, err error) string {
	var e *one.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	switch e.Code {
	case one.CodeNoExists:
		return ""
	case one.CodeAuthorization:
		return strings.TrimSuffix(strings.TrimPrefix(e.Msg, fmt.Sprintf("User [%d] : ", c.UID)), ".")
	}
	return strings.TrimPrefix(e.Msg, image.NotMade)
}

// copyDisk begins to clone the image of a disk, and replaces it by the clone. As in oned, the
// image is checked before the caller's rights.
func copyDisk(tx *store.Tx, s image.Settings, c *one.Caller, disk *attr.Attr, imageID int, to image.Copy) error {
	img, err := image.Kind.Get(tx, imageID)
	if err != nil {
		return err
	}
	if err := image.CheckCopy(tx, s, img, to.DatastoreID); err != nil {
		return err
	}
	if err := acl.Check(tx, c, needsToCopy(tx, img)...); err != nil {
		return err
	}
	copyID, err := image.Clone(tx, s, c, imageID, to)
	if err != nil {
		return err
	}
	for _, key := range []string{"IMAGE", "IMAGE_UNAME", "IMAGE_UID", "OPENNEBULA_MANAGED"} {
		disk.Del(key)
	}
	disk.Set("IMAGE_ID", strconv.Itoa(copyID))
	return nil
}

// NeedsToCopy lists the rights that are needed to clone the images of a template.
func NeedsToCopy(r store.Reader, c *one.Caller, t attr.Template) []acl.Ask {
	var asks []acl.Ask
	for _, img := range imagesOf(r, c, t) {
		asks = append(asks, needsToCopy(r, img)...)
	}
	return asks
}

func needsToCopy(r store.Reader, img *image.Image) []acl.Ask {
	asks := []acl.Ask{acl.ToCreate(one.KindImage), imageAsk(img, one.Use)}
	if ds, clusters, err := datastore.Kind.Look(r, img.DatastoreID); err == nil {
		asks = append(asks, acl.On(one.KindDatastore, ds, clusters, one.Use))
	}
	return asks
}

// DeleteWithImages deletes a template, and those images of its disks that the caller may manage
// and that can be deleted; as in oned, the others stay. Images that are still being made are
// deleted, too.
func DeleteWithImages(tx *store.Tx, c *one.Caller, id int) error {
	t, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	for _, img := range imagesOf(tx, c, t.Template) {
		if !acl.May(tx, c, imageAsk(img, one.Manage)) {
			continue
		}
		if err := image.Delete(tx, img.ID, img.State == one.ImageLocked); err == nil {
			acl.ForgetObject(tx, one.KindImage, img.ID)
		}
	}
	return Delete(tx, id)
}

// imagesOf returns the images of a template's disks, without duplicates.
func imagesOf(r store.Reader, c *one.Caller, t attr.Template) []*image.Image {
	var list []*image.Image
	seen := map[int]bool{}
	for _, disk := range t.Vectors("DISK") {
		id, named, err := image.Resolve(r, c.UID, disk)
		if err != nil || !named || seen[id] {
			continue
		}
		seen[id] = true
		if img, ok := image.Kind.Table.Get(r, store.ID(id)); ok {
			list = append(list, img)
		}
	}
	return list
}

func imageAsk(img *image.Image, right one.Right) acl.Ask {
	o, clusters := image.Kind.Of(img)
	return acl.On(one.KindImage, o, clusters, right)
}
