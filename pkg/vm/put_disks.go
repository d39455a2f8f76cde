package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// settleDisks releases the images of removed disks, and updates the images of persistent disks.
// Images are acquired where a disk is added, as that may fail.
func settleDisks(tx *store.Tx, was, v *VM) {
	if was != nil && was.State != one.VMDone {
		releaseImages(tx, was, v)
	}
	if v.State == one.VMDone {
		return
	}
	torn := was != nil && was.State == one.VMActive && was.LCM != v.LCM && v.LCM == one.LCMCleanupDelete
	for _, d := range v.Template.Vectors("DISK") {
		if !isPersistent(d) {
			continue
		}
		mirror(tx, v, d)
		if id, ok := d.Int("IMAGE_ID"); ok && torn {
			image.Tear(tx, id)
		}
	}
}

// releaseImages releases the images that no disk of v uses any more.
func releaseImages(tx *store.Tx, was, v *VM) {
	var still []int
	if v.State != one.VMDone {
		still = imagesOf(v)
	}
	for _, d := range was.Template.Vectors("DISK") {
		gone := v.State == one.VMDone || v.Disk(diskID(d)) == nil
		if id, ok := d.Int("IMAGE_ID"); ok && gone && isPersistent(d) {
			image.ForgetSnapshotMode(tx, id)
		}
	}
	for _, id := range imagesOf(was) {
		if !slices.Contains(still, id) {
			image.Unuse(tx, id)
		}
	}
}

// mirror copies size and snapshots of a persistent disk to its image, and charges the image's
// owner. Quotas were checked when the resize was requested.
func mirror(tx *store.Tx, v *VM, d *attr.Attr) {
	id, _ := d.Int("IMAGE_ID")
	img, err := image.Kind.Edit(tx, id)
	if err != nil || img.State.IsLocked() {
		return
	}
	before := imageMiB(img)
	size, _ := d.Int("SIZE")
	if d.Has("SIZE_PREV") { // the resize has not finished
		size, _ = d.Int("SIZE_PREV")
	}
	changed := size > 0 && int64(size) != img.SizeMB // it shrinks when it is reverted to a snapshot
	if changed {
		img.SizeMB = int64(size)
	}
	if mirrorSnapshots(img, v.DiskSnapshots(diskID(d)), d) {
		changed = true
	}
	if !changed {
		return
	}
	more, less := part(before, imageMiB(img))
	quota.Count(tx, img.UID, img.GID, inDatastore(img.DatastoreID, more))
	quota.Refund(tx, img.UID, img.GID, inDatastore(img.DatastoreID, less))
	image.Kind.Put(tx, img)
}

// mirrorSnapshots copies snapshots to the image and tells whether they have changed.
func mirrorSnapshots(img *image.Image, s *image.Snapshots, d *attr.Attr) bool {
	if keep, said := d.Bool("PERSISTENT_SNAPSHOTS"); said && !keep {
		return false
	}
	old := img.Snapshots
	if s == nil {
		if len(old.List) == 0 {
			return false
		}
		img.Snapshots.List, img.Snapshots.CurrentBase = nil, -1
		return true
	}
	if sameSnapshots(&old, s) {
		return false
	}
	img.Snapshots = s.Clone()
	img.Snapshots.DiskID = -1
	return true
}

func sameSnapshots(a, b *image.Snapshots) bool {
	if a.Next != b.Next || a.CurrentBase != b.CurrentBase || len(a.List) != len(b.List) {
		return false
	}
	for i := range a.List {
		x, y := &a.List[i], &b.List[i]
		if x.ID != y.ID || x.Name != y.Name || x.Active != y.Active || x.Parent != y.Parent || len(x.Children) != len(y.Children) {
			return false
		}
	}
	return true
}

// imageMiB is what an image counts for in the quota of its datastore, including snapshots.
func imageMiB(img *image.Image) int64 { return img.SizeMB + img.Snapshots.SizeMB() }

func inDatastore(id int, sizeMB int64) quota.Delta {
	return quota.Delta{ClusterID: quota.NotPlaced, Datastores: map[int]quota.Store{id: {SizeMB: sizeMB}}}
}
