package image

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Use adds a VM to those that use an image. A VM counts once however many of its disks have the
// image: again says that it is counted already. An image that is still being made may be used;
// the VM waits for it. A persistent image can only be used by one disk, unless it is shareable.
func Use(tx *store.Tx, imageID int, again bool) (*Image, error) {
	return take(tx, imageID, again, false)
}

// UseNow is Use for a VM that cannot wait: images that are still being made are refused.
func UseNow(tx *store.Tx, imageID int, again bool) (*Image, error) {
	return take(tx, imageID, again, true)
}

func take(tx *store.Tx, imageID int, again, now bool) (*Image, error) {
	img, err := Kind.Edit(tx, imageID)
	if err != nil {
		return nil, err
	}
	if img.Type.IsFile() || img.Type == one.ImageTypeBackup {
		return nil, refuse("Image %d (%s) of type %s cannot be used as DISK.", img.ID, img.Name, img.Type)
	}
	switch img.State {
	case one.ImageReady, one.ImageUsed:
	case one.ImageUsedPers, one.ImageLockedUsedPers:
		if !img.isShareable() {
			return nil, refuse("Cannot acquire image %d, it is persistent and already in use", img.ID)
		}
	case one.ImageLocked, one.ImageLockedUsed:
	default:
		return nil, refuse("Cannot acquire image %d, it is in state: %s", img.ID, img.State.Told())
	}
	if now && img.State.IsLocked() {
		return nil, refuse("Cannot acquire image %d, it is locked", img.ID)
	}
	if again {
		return img, nil
	}
	img.RunningVMs++
	img.State = img.inUse()
	Kind.Put(tx, img)
	return img, nil
}

// Unuse undoes Use. It does nothing if the image is gone or unused.
func Unuse(tx *store.Tx, imageID int) {
	img, ok := Kind.Table.Edit(tx, store.ID(imageID))
	if !ok || img.RunningVMs == 0 {
		return
	}
	img.RunningVMs--
	if img.State == one.ImageUsedPers || img.State == one.ImageLockedUsedPers {
		img.ModTime = tx.Now.Unix()
	}
	img.State = img.inUse()
	Kind.Put(tx, img)
}

// Tear puts a persistent image into ERROR because its VM was deleted in the middle of an
// operation, and its content may be inconsistent. It can be enabled again.
func Tear(tx *store.Tx, imageID int) {
	img, ok := Kind.Table.Edit(tx, store.ID(imageID))
	if !ok || img.State != one.ImageUsedPers && img.State != one.ImageLockedUsedPers {
		return
	}
	img.State = one.ImageError
	Kind.Put(tx, img)
}

// inUse is the state that follows from the VMs that use the image and the copies being made of
// it. Other states, such as DISABLED and ERROR, stay.
func (i *Image) inUse() one.ImageState {
	switch i.State {
	case one.ImageLocked, one.ImageLockedUsed, one.ImageLockedUsedPers:
		return i.byUsers(one.ImageLocked, one.ImageLockedUsed, one.ImageLockedUsedPers)
	case one.ImageReady, one.ImageUsed, one.ImageUsedPers, one.ImageClone:
		return i.byUsers(one.ImageReady, one.ImageUsed, one.ImageUsedPers)
	}
	return i.State
}

func (i *Image) byUsers(none, shared, persistent one.ImageState) one.ImageState {
	switch {
	case i.RunningVMs > 0 && i.Persistent:
		return persistent
	case i.RunningVMs > 0:
		return shared
	case i.CloningOps > 0 && i.Persistent:
		return one.ImageClone
	case i.CloningOps > 0:
		return one.ImageUsed
	}
	return none
}

// isShareable reports whether several VMs may write to the image at the same time.
func (i *Image) isShareable() bool {
	return strings.EqualFold(i.Template.Get("PERSISTENT_TYPE"), "SHAREABLE")
}

// refuse is an error that the image's state does not allow this.
func refuse(format string, args ...any) error { return one.Errorf(one.CodeAction, format, args...) }
