package image

import (
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Finished takes in how the making of an image ended: READY with its source,
// or ERROR with the reason.
func Finished(tx *store.Tx, id int, stored drivers.Stored, err error) {
	img, there := Kind.Table.Edit(tx, store.ID(id))
	if !there || !img.State.IsLocked() && img.State != one.ImageError {
		return
	}
	leaveOrigin(tx, img)
	if err != nil {
		img.State = one.ImageError
		img.Template.Set("ERROR", tx.Now.Format(time.ANSIC)+" : "+err.Error())
		Kind.Put(tx, img)
		return
	}
	before := img.usage()
	img.Source = stored.Source
	if stored.Format != "" {
		img.Format = stored.Format
	}
	if stored.SizeMiB > 0 {
		img.SizeMB = stored.SizeMiB
	}
	img.Template.Del("ERROR")
	img.State = img.byUsers(one.ImageReady, one.ImageUsed, one.ImageUsedPers)
	recount(tx, img, before)
	Kind.Put(tx, img)
}

// recount puts into the quotas what an image turned out to be. That is not
// refused any more: it is there.
func recount(tx *store.Tx, img *Image, before quota.Delta) {
	quota.Refund(tx, img.UID, img.GID, before)
	quota.Count(tx, img.UID, img.GID, img.usage())
}

// leaveOrigin ends the copying of an image: its origin serves one copy less.
func leaveOrigin(tx *store.Tx, img *Image) {
	if img.CloningID < 0 {
		return
	}
	if origin, ok := Kind.Table.Edit(tx, store.ID(img.CloningID)); ok && origin.CloningOps > 0 {
		origin.CloningOps--
		origin.State = origin.inUse()
		Kind.Put(tx, origin)
	}
	img.CloningID = -1
}
