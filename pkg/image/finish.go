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

// Finished records the outcome of making an image: READY with its source, or ERROR with a
// message. vm.ImageDone updates the VMs that wait for it.
func Finished(tx *store.Tx, id int, stored drivers.Stored, err error) {
	img, there := Kind.Table.Edit(tx, store.ID(id))
	if !there || !img.State.IsLocked() {
		return
	}
	leaveOrigin(tx, img)
	if err != nil {
		img.failWith(tx, err)
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

// Made calls Finished for the effects that make an image's file. An error is extended by what
// could not be done.
func Made(tx *store.Tx, e *effect.Effect, stored drivers.Stored, err error) {
	if img, there := Kind.Table.Get(tx, store.ID(e.Object)); there && err != nil {
		err = failed(err, "%s", img.making())
	}
	Finished(tx, e.Object, stored, err)
}

// making is oned's error text for what could not be done.
func (i *Image) making() string {
	switch {
	case i.CloningID >= 0:
		return fmt.Sprintf("Error cloning from Image %d", i.CloningID)
	case i.Path != "" || i.From != nil:
		return "Error copying image in the datastore"
	}
	return "Error creating datablock"
}

// failed puts a text before the reason of an error.
func failed(why error, format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), why)
}

// failWith puts an image into ERROR, with a message.
func (i *Image) failWith(tx *store.Tx, why error) {
	i.State = one.ImageError
	i.explain(tx, why)
}

// explain writes an error message into the template.
func (i *Image) explain(tx *store.Tx, why error) {
	i.Template.Set("ERROR", tx.Now.Local().Format(time.ANSIC)+" : "+why.Error())
}

// recount corrects the quota usage once the real size is known. Limits are not checked: the
// file exists already.
func recount(tx *store.Tx, img *Image, before quota.Delta) {
	quota.Refund(tx, img.UID, img.GID, before)
	quota.Count(tx, img.UID, img.GID, img.usage())
}

// leaveOrigin ends the copying of an image: it no longer counts in CLONING_OPS of the original.
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
