package image

import (
	"fmt"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Effects on the disk snapshots of a persistent image.
const (
	OpSnapshotDelete  = "snapshot-delete"
	OpSnapshotRevert  = "snapshot-revert"
	OpSnapshotFlatten = "snapshot-flatten"
	OpSnapshotLast    = "snapshot-last" // the second half of flattening: delete the last snapshot
)

// DeleteSnapshot begins to delete a snapshot that is neither active nor has children.
func DeleteSnapshot(tx *store.Tx, id, snapshot int) error {
	return onSnapshot(tx, id, snapshot, OpSnapshotDelete, "delete snapshot")
}

// RevertSnapshot begins to revert an image to a snapshot.
func RevertSnapshot(tx *store.Tx, id, snapshot int) error {
	return onSnapshot(tx, id, snapshot, OpSnapshotRevert, "revert to snapshot")
}

// FlattenSnapshot begins to revert an image to a snapshot and delete all snapshots.
func FlattenSnapshot(tx *store.Tx, id, snapshot int) error {
	return onSnapshot(tx, id, snapshot, OpSnapshotFlatten, "flatten snapshot")
}

// onSnapshot locks an image and queues an effect on one of its snapshots.
func onSnapshot(tx *store.Tx, id, snapshot int, op, words string) error {
	img, err := Kind.Edit(tx, id)
	if err != nil {
		return refuse("Image does not exist")
	}
	if img.Type != one.ImageTypeOS && img.Type != one.ImageTypeDatablock {
		return refuse("IMAGES of type KERNEL, RAMDISK, BACKUP, FILESYSTEM and CONTEXT does not have snapshots.")
	}
	if img.State != one.ImageReady {
		return refuse("Cannot %s in state %s", words, img.State.Told())
	}
	if img.Snapshots.find(snapshot) == nil {
		return refuse("Snapshot does not exist")
	}
	if op == OpSnapshotDelete {
		if err := img.Snapshots.spare(snapshot); err != nil {
			return err
		}
	}
	img.State, img.TargetSnapshot = one.ImageLocked, snapshot
	Kind.Put(tx, img)
	effect.Put(tx, effect.Effect{Kind: one.KindImage, Object: id, Op: op, Host: -1})
	return nil
}

// SnapshotDone records the outcome of an effect on a snapshot. After an error the image is as
// before, with a message.
func SnapshotDone(tx *store.Tx, e *effect.Effect, err error) {
	img, there := Kind.Table.Edit(tx, store.ID(e.Object))
	if !there || !img.State.IsLocked() {
		return
	}
	before, target := img.usage(), img.TargetSnapshot
	img.State, img.TargetSnapshot = img.byUsers(one.ImageReady, one.ImageUsed, one.ImageUsedPers), -1
	switch {
	case err != nil:
		img.explain(tx, failed(err, "%s", img.working(e.Op, target)))
	case e.Op == OpSnapshotDelete:
		img.Snapshots.remove(target)
	case e.Op == OpSnapshotRevert:
		img.revert(target)
	case e.Op == OpSnapshotFlatten:
		img.flatten(tx, target)
	case e.Op == OpSnapshotLast: // no text about snapshots here, as in oned
		img.Snapshots = Snapshots{DiskID: -1, CurrentBase: -1}
	}
	recount(tx, img, before)
	Kind.Put(tx, img)
}

// working is oned's error text for what could not be done.
func (i *Image) working(op string, snapshot int) string {
	switch op {
	case OpSnapshotDelete:
		return fmt.Sprintf("Error removing snapshot %d from image %d", snapshot, i.ID)
	case OpSnapshotRevert:
		return fmt.Sprintf("Error reverting image %d to snapshot %d", i.ID, snapshot)
	}
	return "Error flattening image snapshot"
}

// flatten keeps only the snapshot that the image was reverted to, and queues its deletion. That
// is an effect of its own, so that each of the two can be repeated.
func (i *Image) flatten(tx *store.Tx, id int) {
	i.revert(id)
	only := *i.Snapshots.find(id)
	only.Parent, only.Children = -1, nil
	i.Snapshots.List = []Snapshot{only}
	i.State, i.TargetSnapshot = one.ImageLocked, id
	i.State = i.inUse()
	effect.Put(tx, effect.Effect{Kind: one.KindImage, Object: i.ID, Op: OpSnapshotLast, Host: -1})
}

// revert makes a snapshot the active one. The image gets the size it had then.
func (i *Image) revert(id int) {
	s := &i.Snapshots
	if s.AllowOrphans == "MIXED" {
		s.CurrentBase = id
	}
	for n := range s.List {
		s.List[n].Active = s.List[n].ID == id
	}
	if snap := s.find(id); snap != nil && snap.SizeMB > 0 {
		i.SizeMB = snap.SizeMB
	}
}

func (s *Snapshots) find(id int) *Snapshot {
	for n := range s.List {
		if s.List[n].ID == id {
			return &s.List[n]
		}
	}
	return nil
}

// spare refuses to delete a snapshot that is active or has children.
func (s *Snapshots) spare(id int) error {
	snap := s.find(id)
	switch {
	case s.AllowOrphans == "YES":
		return nil
	case snap.Active:
		return refuse("Cannot delete the active snapshot")
	case len(snap.Children) > 0:
		return refuse("Cannot delete snapshot with children")
	}
	return nil
}

// remove removes a snapshot without children from the tree.
func (s *Snapshots) remove(id int) {
	for n := range s.List {
		s.List[n].Children = slices.DeleteFunc(s.List[n].Children, func(child int) bool { return child == id })
	}
	s.List = slices.DeleteFunc(s.List, func(x Snapshot) bool { return x.ID == id })
	if s.CurrentBase == id {
		s.CurrentBase = -1
	}
}

// SizeMB is the sum of all snapshots' sizes, for quotas.
func (s *Snapshots) SizeMB() (sum int64) {
	for i := range s.List {
		sum += s.List[i].SizeMB
	}
	return sum
}

// ForgetSnapshotMode clears the snapshot mode of an image without snapshots, as oned does after
// a VM used it as a persistent image (ImageManager::clear_image_snapshots), unless the image is
// still being made or its type has no snapshots. The next disk with snapshots sets it again.
func ForgetSnapshotMode(tx *store.Tx, id int) {
	img, err := Kind.Edit(tx, id)
	hasThem := err == nil && (img.Type == one.ImageTypeOS || img.Type == one.ImageTypeDatablock)
	if !hasThem || img.State.IsLocked() || len(img.Snapshots.List) > 0 || img.Snapshots.AllowOrphans == "" {
		return
	}
	img.Snapshots = Snapshots{DiskID: -1, CurrentBase: -1}
	Kind.Put(tx, img)
}
