package image

import (
	"fmt"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// The effects on snapshots that a persistent image has from its VMs.
const (
	OpSnapshotDelete  = "snapshot-delete"
	OpSnapshotRevert  = "snapshot-revert"
	OpSnapshotFlatten = "snapshot-flatten"
	OpSnapshotLast    = "snapshot-last" // delete the one that is left of flattening
)

// DeleteSnapshot begins to delete a snapshot that nothing depends on.
func DeleteSnapshot(tx *store.Tx, id, snapshot int) error {
	return onSnapshot(tx, id, snapshot, OpSnapshotDelete, "delete snapshot")
}

// RevertSnapshot begins to put an image back to a snapshot.
func RevertSnapshot(tx *store.Tx, id, snapshot int) error {
	return onSnapshot(tx, id, snapshot, OpSnapshotRevert, "revert to snapshot")
}

// FlattenSnapshot begins to make an image what a snapshot of it holds, and one
// without snapshots.
func FlattenSnapshot(tx *store.Tx, id, snapshot int) error {
	return onSnapshot(tx, id, snapshot, OpSnapshotFlatten, "flatten snapshot")
}

// onSnapshot locks an image until an effect on one of its snapshots is done.
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

// SnapshotDone takes in how an effect on a snapshot ended. After a failure the
// image is as it was, and says what went wrong.
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
	case e.Op == OpSnapshotLast: // nothing is said of snapshots then, as in oned
		img.Snapshots = Snapshots{DiskID: -1, CurrentBase: -1}
	}
	recount(tx, img, before)
	Kind.Put(tx, img)
}

// working is what goes wrong, in oned's words, when an effect on a snapshot fails.
func (i *Image) working(op string, snapshot int) string {
	switch op {
	case OpSnapshotDelete:
		return fmt.Sprintf("Error removing snapshot %d from image %d", snapshot, i.ID)
	case OpSnapshotRevert:
		return fmt.Sprintf("Error reverting image %d to snapshot %d", i.ID, snapshot)
	}
	return "Error flattening image snapshot"
}

// flatten leaves the one snapshot that the image was put back to, and has that
// deleted, too. As an effect of its own it can be repeated.
func (i *Image) flatten(tx *store.Tx, id int) {
	i.revert(id)
	only := *i.Snapshots.find(id)
	only.Parent, only.Children = -1, nil
	i.Snapshots.List = []Snapshot{only}
	i.State, i.TargetSnapshot = one.ImageLocked, id
	i.State = i.inUse()
	effect.Put(tx, effect.Effect{Kind: one.KindImage, Object: i.ID, Op: OpSnapshotLast, Host: -1})
}

// revert makes a snapshot the active one; the image is as large as it was then.
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

// spare refuses to delete a snapshot that others, or the image, depend on.
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

// remove takes a snapshot without children out of the tree.
func (s *Snapshots) remove(id int) {
	for n := range s.List {
		s.List[n].Children = slices.DeleteFunc(s.List[n].Children, func(child int) bool { return child == id })
	}
	s.List = slices.DeleteFunc(s.List, func(x Snapshot) bool { return x.ID == id })
	if s.CurrentBase == id {
		s.CurrentBase = -1
	}
}

// SizeMB is what all snapshots together count for.
func (s *Snapshots) SizeMB() (sum int64) {
	for i := range s.List {
		sum += s.List[i].SizeMB
	}
	return sum
}

// ForgetSnapshotMode has an image without snapshots say nothing of them: so oned
// leaves one that a VM had as its own (ImageManager::clear_image_snapshots). The
// next disk with snapshots says all anew.
func ForgetSnapshotMode(tx *store.Tx, id int) {
	img, err := Kind.Edit(tx, id)
	if err != nil || len(img.Snapshots.List) > 0 || img.Snapshots.AllowOrphans == "" {
		return
	}
	img.Snapshots = Snapshots{DiskID: -1, CurrentBase: -1}
	Kind.Put(tx, img)
}
