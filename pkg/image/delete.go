package image

import (
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Delete begins the end of an image that nobody uses: its file goes first, then
// the image. One that is being made is deleted only with force: the making is
// called off.
func Delete(tx *store.Tx, id int, force bool) error {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	switch {
	case img.RunningVMs > 0:
		return refuse("Cannot delete image. There are %d VMs using it.", img.RunningVMs)
	case img.CloningOps > 0:
		return refuse("Cannot delete image. It is being cloned.")
	case img.State == one.ImageDelete:
		return nil
	case img.State.IsLocked() && !force:
		return refuse("Cannot delete image. Image is in LOCKED state: wait until it is ready, or delete it by force.")
	}
	leaveOrigin(tx, img)
	effect.Cancel(tx, one.KindImage, id)
	img.State = one.ImageDelete
	Kind.Put(tx, img)
	effect.Put(tx, effect.Effect{Kind: one.KindImage, Object: id, Op: OpRemove, Host: -1})
	return nil
}

// Removed takes in how the deletion of an image's file ended. A file that could
// not be deleted keeps its image, in ERROR, so that it is not forgotten.
func Removed(tx *store.Tx, id int, failed error) {
	img, there := Kind.Table.Edit(tx, store.ID(id))
	if !there {
		return
	}
	if failed != nil {
		img.State = one.ImageError
		img.Template.Set("ERROR", failed.Error())
		Kind.Put(tx, img)
		return
	}
	quota.Refund(tx, img.UID, img.GID, img.usage())
	Kind.Remove(tx, id)
	datastore.Kind.Table.Touch(tx, store.ID(img.DatastoreID))
}
