package image

import (
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// argForce is an argument of OpRemove: remove the image even if its file cannot be deleted.
const argForce = "force"

// Delete begins to delete an unused image: first its file, then the image. With force, an image
// that is still being made is deleted, too, and one whose file cannot be deleted.
func Delete(tx *store.Tx, id int, force bool) error {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if err := img.deletable(tx, force); err != nil {
		return err
	}
	leaveOrigin(tx, img)
	effect.Cancel(tx, one.KindImage, id)
	img.State = one.ImageDelete
	Kind.Put(tx, img)
	e := effect.Effect{Kind: one.KindImage, Object: id, Op: OpRemove, Host: -1}
	if force {
		e.Args = effect.Args{argForce: "YES"}
	}
	effect.Put(tx, e)
	return nil
}

// Forget removes an unused image at once, without deleting its file.
func Forget(tx *store.Tx, id int) error {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if err := img.deletable(tx, false); err != nil {
		return err
	}
	leaveOrigin(tx, img)
	effect.Cancel(tx, one.KindImage, id)
	img.end(tx)
	return nil
}

// ErrBeingMade refuses to delete an image that is still being made.
func ErrBeingMade(id int) error {
	return one.Errorf(one.CodeInternal,
		"Image locked, use --force flag to remove the image. Force delete may leave some files on Datastore").At(id)
}

// deletable returns an error if the image cannot be deleted in its state.
func (i *Image) deletable(r store.Reader, force bool) error {
	switch {
	case i.State.IsLocked() && !force:
		return ErrBeingMade(i.ID)
	case i.RunningVMs > 0 || i.State == one.ImageUsed: // oned's text is the same if it is only being copied
		return refuse("Cannot delete image. There are %d VMs using it.", i.RunningVMs)
	case i.CloningOps > 0:
		return refuse("Cannot delete image. There are %d active clone operations.", i.CloningOps)
	case i.State == one.ImageLocked && len(effect.Of(r, one.KindImage, i.ID)) == 0:
		return refuse("Cannot delete image. A disk of VM %s is being saved to it: wait until that has ended.", i.Template.Get("SAVED_VM_ID"))
	}
	return nil
}

// Removed records the outcome of OpRemove. If the file could not be deleted, the image stays in
// ERROR, so that the file is not forgotten.
func Removed(tx *store.Tx, e *effect.Effect, why error) {
	img, there := Kind.Table.Edit(tx, store.ID(e.Object))
	if !there {
		return
	}
	if why != nil && !isYes(e.Args[argForce]) {
		img.failWith(tx, notRemoved(img.Source, why))
		Kind.Put(tx, img)
		return
	}
	img.end(tx)
}

// notRemoved is oned's message, which has neither the reason nor the path of the file.
func notRemoved(source string, why error) error {
	return failed(why, "Error removing image from datastore. Retry the operation or manually remove image source %s and run "+
		"the delete --force operation to completely delete the image", source)
}

func (i *Image) end(tx *store.Tx) {
	quota.Refund(tx, i.UID, i.GID, i.usage())
	Kind.Remove(tx, i.ID)
	datastore.Kind.Table.Touch(tx, store.ID(i.DatastoreID))
}
