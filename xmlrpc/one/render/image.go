package render

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Image writes an image with the VMs that use it and the copies being made.
func Image(w *Writer, r store.Reader, i *image.Image) {
	id := strconv.Itoa(i.ID)
	w.Open("IMAGE")
	w.owned(&i.Meta)
	w.lock(i.Lock)
	w.permissions(i.Perms)
	w.Int("TYPE", int64(i.Type))
	w.Int("DISK_TYPE", int64(i.DiskType))
	w.Bool("PERSISTENT", i.Persistent)
	w.Int("REGTIME", i.RegTime)
	w.Int("MODTIME", i.ModTime)
	w.CDATA("SOURCE", i.Source)
	w.CDATA("PATH", i.Path)
	w.CDATA("FORMAT", i.Format)
	w.CDATA("FS", i.FS)
	w.Int("SIZE", i.SizeMB)
	w.Int("STATE", int64(i.State))
	w.Int("PREV_STATE", int64(stateBefore(i)))
	w.Int("RUNNING_VMS", int64(imageUsers(i)))
	w.Int("CLONING_OPS", int64(i.CloningOps))
	w.Int("CLONING_ID", int64(i.CloningID))
	w.Int("TARGET_SNAPSHOT", int64(i.TargetSnapshot))
	w.Int("DATASTORE_ID", int64(i.DatastoreID))
	w.Text("DATASTORE", datastoreName(r, i.DatastoreID))
	if i.Type == one.ImageTypeBackup {
		w.IDs("VMS", []int{i.BackupVM})
	} else {
		w.IDs("VMS", idsOf(vm.ByImage, r, id))
	}
	w.IDs("CLONES", idsOf(image.ByOrigin, r, id))
	w.IDs("APP_CLONES", idsOf(market.AppsByOrigin, r, id))
	w.Template("TEMPLATE", i.Template)
	w.imageSnapshots(&i.Snapshots)
	w.increments(i.BackupIncrements)
	w.IDs("BACKUP_DISK_IDS", i.BackupDiskIDs)
	w.Close("IMAGE")
}

// imageUsers counts the users of an image; for a backup, that is its VM.
func imageUsers(i *image.Image) int {
	if i.Type == one.ImageTypeBackup {
		return 1
	}
	return i.RunningVMs
}

func (w *Writer) imageSnapshots(s *image.Snapshots) {
	w.Open("SNAPSHOTS")
	defer w.Close("SNAPSHOTS")
	if s.AllowOrphans == "" { // see image.ForgetSnapshotMode
		return
	}
	w.CDATA("ALLOW_ORPHANS", s.AllowOrphans)
	w.cdataInt("CURRENT_BASE", int64(s.CurrentBase))
	w.cdataInt("NEXT_SNAPSHOT", int64(s.Next))
	for n := range s.List {
		w.vmSnapshot(&s.List[n])
	}
}

func (w *Writer) increments(list []image.Increment) {
	w.Open("BACKUP_INCREMENTS")
	for _, inc := range list {
		w.Open("INCREMENT")
		w.cdataInt("DATE", inc.Date)
		w.cdataInt("ID", int64(inc.ID))
		w.cdataInt("PARENT_ID", int64(inc.ParentID))
		w.cdataInt("SIZE", inc.SizeMB)
		w.CDATA("SOURCE", inc.Source)
		w.CDATA("TYPE", inc.Type)
		w.Close("INCREMENT")
	}
	w.Close("BACKUP_INCREMENTS")
}

// stateBefore is the previous state, which hooks compare with the present one: the same, except
// for a new image whose file is still being made.
func stateBefore(i *image.Image) one.ImageState {
	if i.State == one.ImageLocked && i.Source == "" {
		return one.ImageInit
	}
	return i.State
}
