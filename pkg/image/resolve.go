package image

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// Resolve finds the image of a disk: by IMAGE_ID, or by IMAGE among the images of IMAGE_UID,
// IMAGE_UNAME, or else of the user uid. named is false if the disk names no image, also if its
// IMAGE_ID is not a number. Whether an image with that ID exists is not checked.
func Resolve(r store.Reader, uid int, disk *attr.Attr) (imageID int, named bool, err error) {
	name := disk.Get("IMAGE")
	if id, ok := disk.Int("IMAGE_ID"); ok {
		return id, true, nil
	}
	if name == "" {
		return -1, false, nil
	}
	if owner, known := OwnerNamed(r, uid, disk); known {
		if img, ok := Kind.Named(r, name, owner); ok {
			return img.ID, true, nil
		}
		uid = owner
	}
	return -1, true, one.Errorf(one.CodeInternal,
		"User %d does not own an image with name: %s . Set IMAGE_UNAME or IMAGE_UID of owner in DISK.", uid, name)
}

// OwnerNamed returns the owner of the image that a disk names; known is false if there is no
// such user.
func OwnerNamed(r store.Reader, uid int, disk *attr.Attr) (owner int, known bool) {
	if disk.Get("IMAGE_UID") != "" {
		return disk.Int("IMAGE_UID")
	}
	name := disk.Get("IMAGE_UNAME")
	if name == "" {
		return uid, true
	}
	u, ok := user.Kind.Named(r, name, -1)
	if !ok {
		return -1, false
	}
	return u.ID, true
}
