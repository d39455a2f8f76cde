package vm

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// Values of ALLOW_ORPHANS (see Snapshots.cc): with NO a new snapshot is a child of the active
// one, with YES it has no parent, with MIXED it is a child of the one last reverted to.
const (
	orphansDeny  = "NO"
	orphansAllow = "YES"
	orphansMixed = "MIXED"
)

// orphans returns the mode of a disk. With FORMAT it is YES for raw disks and NO for others.
func orphans(d *attr.Attr) string {
	switch mode := strings.ToUpper(d.Get("ALLOW_ORPHANS")); mode {
	case orphansAllow, orphansMixed:
		return mode
	case "FORMAT":
		if strings.EqualFold(d.Get("FORMAT"), "raw") {
			return orphansAllow
		}
	}
	return orphansDeny
}

func findSnapshot(s *image.Snapshots, id int) *image.Snapshot {
	if s == nil {
		return nil
	}
	for i := range s.List {
		if s.List[i].ID == id {
			return &s.List[i]
		}
	}
	return nil
}

func activeSnapshot(s *image.Snapshots) *image.Snapshot {
	for i := range s.List {
		if s.List[i].Active {
			return &s.List[i]
		}
	}
	return nil
}

// addSnapshot adds a snapshot, makes it the active one, and returns its ID.
func addSnapshot(s *image.Snapshots, name string, sizeMB, now int64) int {
	id, parent := s.Next, -1
	active := activeSnapshot(s)
	switch s.AllowOrphans {
	case orphansMixed:
		parent = s.CurrentBase
	case orphansDeny:
		if active != nil {
			parent = active.ID
		}
	}
	if p := findSnapshot(s, parent); p != nil {
		p.Children = append(p.Children, id)
	}
	if active != nil {
		active.Active = false
	}
	s.Next++
	s.List = append(s.List, image.Snapshot{ID: id, Name: name, Date: now, Parent: parent, Active: true, SizeMB: sizeMB})
	return id
}

// dropSnapshot removes a snapshot; its child becomes a child of its parent. If it was active, its
// parent is.
func dropSnapshot(s *image.Snapshots, id int) {
	snap := findSnapshot(s, id)
	if snap == nil {
		return
	}
	if parent := findSnapshot(s, snap.Parent); parent != nil {
		parent.Children = slices.DeleteFunc(parent.Children, func(n int) bool { return n == id })
		parent.Children = append(parent.Children, snap.Children...)
		if snap.Active {
			parent.Active = true
		}
	}
	for _, child := range snap.Children {
		if c := findSnapshot(s, child); c != nil {
			c.Parent = snap.Parent
		}
	}
	s.List = slices.DeleteFunc(s.List, func(x image.Snapshot) bool { return x.ID == id })
	if s.CurrentBase == id {
		s.CurrentBase = -1
	}
}

// activate makes a snapshot the active one, after the disk was reverted to it.
func activate(s *image.Snapshots, id int) {
	if s.AllowOrphans == orphansMixed {
		s.CurrentBase = id
	}
	for i := range s.List {
		s.List[i].Active = s.List[i].ID == id
	}
}

// deletable returns an error if a snapshot cannot be deleted (Snapshots::test_delete).
func deletable(s *image.Snapshots, id int, persistent bool) error {
	snap := findSnapshot(s, id)
	switch {
	case snap == nil:
		return one.Errorf(one.CodeAction, "Snapshot does not exist")
	case s.AllowOrphans == orphansAllow:
		return nil
	case s.AllowOrphans == orphansMixed:
		if snap.Active {
			return one.Errorf(one.CodeAction, "Cannot delete the active snapshot")
		}
		if len(snap.Children) > 0 {
			return one.Errorf(one.CodeAction, "Cannot delete snapshot with children")
		}
		return nil
	case persistent && id == 0:
		return one.Errorf(one.CodeAction, "Cannot delete snapshot 0 for persistent disk images")
	}
	return deletableInLine(s, snap)
}

// deletableInLine allows to delete a snapshot with at most one child, which must have no
// children.
func deletableInLine(s *image.Snapshots, snap *image.Snapshot) error {
	if len(snap.Children) == 0 {
		return nil
	}
	if len(snap.Children) > 1 {
		return one.Errorf(one.CodeAction, "Cannot delete snapshot with more than one children")
	}
	if snap.Active {
		return one.Errorf(one.CodeAction, "Cannot delete the active snapshot with children")
	}
	if child := findSnapshot(s, snap.Children[0]); child != nil && (len(child.Children) > 1 || len(child.Children) == 1 && child.Active) {
		return one.Errorf(one.CodeAction, "Cannot delete snapshot if child has children")
	}
	if parent := findSnapshot(s, snap.Parent); parent != nil && len(parent.Children) > 1 {
		return one.Errorf(one.CodeAction, "Cannot delete snapshot if parent has more than one child")
	}
	return nil
}

// setSnapshotSize sets DISK_SNAPSHOT_TOTAL_SIZE.
func setSnapshotSize(d *attr.Attr, s *image.Snapshots) {
	d.Set("DISK_SNAPSHOT_TOTAL_SIZE", strconv.FormatInt(s.SizeMB(), 10))
}

// clearDiskSnapshots removes snapshots of disks whose files are deleted.
func clearDiskSnapshots(v *VM) {
	v.Snapshots = slices.DeleteFunc(v.Snapshots, func(s image.Snapshots) bool {
		d := v.Disk(s.DiskID)
		if d == nil {
			return true
		}
		if isPersistent(d) || diskTarget(d) == "NONE" {
			return false
		}
		d.Del("DISK_SNAPSHOT_TOTAL_SIZE")
		return true
	})
}
