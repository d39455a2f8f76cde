package vm

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ImageDone updates the VMs in CLONING that wait for an image, when it is ready or has failed. It
// has to be called in the transaction that changes the image.
func ImageDone(tx *store.Tx, s Settings, imageID int) error {
	var ids []int
	for row := range ByImage.Find(tx, strconv.Itoa(imageID)) {
		if row.Val.State == one.VMCloning || row.Val.State == one.VMCloningFailure {
			ids = append(ids, row.Val.ID)
		}
	}
	for _, id := range ids {
		v, err := Kind.Edit(tx, id)
		if err != nil {
			return err
		}
		if err := checkImages(tx, s, v); err != nil {
			return err
		}
	}
	return nil
}

// checkImages submits a VM in CLONING when all its images are ready, or sets it to
// CLONING_FAILURE if one has failed.
func checkImages(tx *store.Tx, s Settings, v *VM) error {
	waiting, failed := false, false
	for _, d := range v.Template.Vectors("DISK") {
		id, ok := d.Int("IMAGE_ID")
		img, there := image.Kind.Table.Get(tx, store.ID(id))
		if !ok || !there {
			continue
		}
		switch {
		case img.State == one.ImageError:
			failed = true
		case img.State.IsLocked():
			waiting = true
		default:
			d.Del("CLONING")
			d.Set("SOURCE", img.Source)
			if img.Format != "" {
				d.Set("DRIVER", img.Format)
				d.Set("FORMAT", img.Format)
			}
		}
	}
	ev := lifecycle.ImagesReady
	switch onHold, _ := v.Template.Bool("SUBMIT_ON_HOLD"); {
	case failed:
		ev = lifecycle.ImagesFailed
	case waiting:
		return put(tx, v, unchecked)
	case onHold:
		ev = lifecycle.ImagesReadyOnHold
	}
	if !lifecycle.Can(v.Status(), ev) {
		return put(tx, v, unchecked)
	}
	return Fire(tx, s, v, ev, Cause{})
}
