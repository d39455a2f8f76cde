package image

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// Resolve answers the image that a disk names: by IMAGE_ID, or by IMAGE, of the
// owner that IMAGE_UID or IMAGE_UNAME names and of uid otherwise. named is false
// for a disk that names none: an IMAGE_ID that is no number names none. It is not looked up.
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

// OwnerNamed answers whose image a disk means; known is false when it names a
// user that there is not.
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
