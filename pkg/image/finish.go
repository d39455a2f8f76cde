package image

import (
	"cmp"
	"fmt"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Finished takes in how the making of an image ended: READY with its source,
// or ERROR with the reason. VMs that wait for it are told by vm.ImageDone.
func Finished(tx *store.Tx, id int, stored drivers.Stored, err error) {
	img, there := Kind.Table.Edit(tx, store.ID(id))
	if !there || !img.State.IsLocked() {
		return
	}
	leaveOrigin(tx, img)
	if err != nil {
		img.broke(tx, err)
		Kind.Put(tx, img)
		return
	}
	before := img.usage()
	img.Source = cmp.Or(stored.Source, img.Source)
	img.Format = cmp.Or(stored.Format, img.Format)
	img.SizeMB = cmp.Or(stored.SizeMiB, img.SizeMB)
	img.Template.Del("ERROR")
	img.State = img.byUsers(one.ImageReady, one.ImageUsed, one.ImageUsedPers)
	recount(tx, img, before)
	Kind.Put(tx, img)
}

// Made is Finished for the effects that make an image's file: a failure says what could
// not be done.
func Made(tx *store.Tx, e *effect.Effect, stored drivers.Stored, err error) {
	if img, there := Kind.Table.Get(tx, store.ID(e.Object)); there && err != nil {
		err = failed(err, "%s", img.making())
	}
	Finished(tx, e.Object, stored, err)
}

// making is what goes wrong, in oned's words, when an image cannot be made.
func (i *Image) making() string {
	switch {
	case i.CloningID >= 0:
		return fmt.Sprintf("Error cloning from Image %d", i.CloningID)
	case i.Path != "" || i.From != nil:
		return "Error copying image in the datastore"
	}
	return "Error creating datablock"
}

// failed puts what could not be done before the reason.
func failed(why error, format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), why)
}

// broke puts an image into ERROR and says why.
func (i *Image) broke(tx *store.Tx, why error) {
	i.State = one.ImageError
	i.explain(tx, why)
}

// explain says in the template what went wrong.
func (i *Image) explain(tx *store.Tx, why error) {
	i.Template.Set("ERROR", tx.Now.Local().Format(time.ANSIC)+" : "+why.Error())
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
