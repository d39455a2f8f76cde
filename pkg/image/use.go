package image

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Use takes an image for a disk of a VM, which counts once however many disks it
// has of it: again says that it has one. An image that is being made may be taken:
// its VM waits for it. A persistent one serves one disk at a time, unless it is shareable.
func Use(tx *store.Tx, imageID int, again bool) (*Image, error) {
	return take(tx, imageID, again, false)
}

// UseNow is Use for a VM that cannot wait: an image that is being made is
// refused.
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

// Unuse gives back what Use took. An image that is gone, or that is not used,
// is left as it is.
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

// Tear is for a VM that is deleted while it is at work: who knows what its persistent
// image holds then? It is in ERROR until somebody enables it.
func Tear(tx *store.Tx, imageID int) {
	img, ok := Kind.Table.Edit(tx, store.ID(imageID))
	if !ok || img.State != one.ImageUsedPers && img.State != one.ImageLockedUsedPers {
		return
	}
	img.State = one.ImageError
	Kind.Put(tx, img)
}

// inUse is the state that follows from who uses the image: VMs, and copies that
// are being made of it. The states that say something else stay.
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

// isShareable tells whether several VMs may write to the image at once.
func (i *Image) isShareable() bool {
	return strings.EqualFold(i.Template.Get("PERSISTENT_TYPE"), "SHAREABLE")
}

// refuse is an error for what the state of an image stands against.
func refuse(format string, args ...any) error { return one.Errorf(one.CodeAction, format, args...) }
