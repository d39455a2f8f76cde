package image

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Lend locks an image while it is copied to a marketplace (ImageManager::set_clone_state).
func Lend(tx *store.Tx, id int) error {
	img, ok := Kind.Table.Edit(tx, store.ID(id))
	switch {
	case !ok:
		return fail("Cannot clone image, it does not exist")
	case img.Type == one.ImageTypeBackup:
		return fail("Cannoe clone backup images") // oned's spelling
	}
	switch img.State {
	case one.ImageReady, one.ImageUsed, one.ImageClone:
	default:
		return fail("Cannot clone image in current state")
	}
	img.CloningOps++
	img.State = img.inUse()
	Kind.Put(tx, img)
	return nil
}

// GiveBack ends the copying that Lend began.
func GiveBack(tx *store.Tx, id int) {
	img, ok := Kind.Table.Edit(tx, store.ID(id))
	if !ok || img.CloningOps == 0 {
		return
	}
	img.CloningOps--
	img.State = img.inUse()
	Kind.Put(tx, img)
}
