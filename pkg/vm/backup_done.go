package vm

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// backedUp creates the image of a backup that has finished, from the driver's results in Doing.
// It counts a backup without results as failed: that is one ended by one.vm.recover success.
func backedUp(tx *store.Tx, v *VM) {
	size, err := strconv.ParseInt(v.Doing[OutSize], 10, 64)
	if v.Doing[OutSource] == "" || err != nil {
		notBackedUp(tx, v)
		return
	}
	imageID := v.Backups.number(cfgChain)
	if !v.Backups.incremental() || imageID < 0 {
		if imageID, err = newBackup(tx, v, size); err != nil {
			setError(tx, v, "BACKUP: backup image allocate error: "+reason(err))
			notBackedUp(tx, v)
			return
		}
		v.Backups.IDs = append(v.Backups.IDs, imageID)
	}
	v.Backups.Config.Del(cfgLastDS)
	if v.Backups.incremental() {
		extendChain(tx, v, imageID, size)
	} else {
		keepLast(tx, v)
	}
	jobDone(tx, v, true)
}

func newBackup(tx *store.Tx, v *VM, sizeMB int64) (int, error) {
	return image.NewBackup(tx, &v.Meta, image.BackedUp{
		VMID: v.ID, DatastoreID: v.doing(ArgDatastore), JobID: v.Backups.number(cfgJob),
		Source: v.Doing[OutSource], Format: v.Doing[OutFormat], SizeMB: sizeMB,
		Disks: v.backupDisks(), Selected: v.Backups.Config.Get(cfgDisks) != "",
	})
}

// extendChain adds an increment to its chain, and has the oldest increments merged if there are
// more than KEEP_LAST.
func extendChain(tx *store.Tx, v *VM, imageID int, sizeMB int64) {
	inc, err := image.AddIncrement(tx, imageID, v.Doing[OutSource], sizeMB)
	if err != nil {
		setError(tx, v, "BACKUP: "+reason(err))
		v.Backups.newChain()
		return
	}
	v.Backups.Config.Set(cfgChain, strconv.Itoa(imageID))
	v.Backups.Config.Set(cfgLastInc, strconv.Itoa(inc))
	img, err := image.Kind.Get(tx, imageID)
	keep := v.Backups.number(cfgKeepLast)
	if err != nil || keep <= 0 || len(img.BackupIncrements) <= keep {
		return
	}
	if err := image.Flatten(tx, imageID, keep); err == nil {
		v.Backups.Config.Set(cfgFlatten, "YES")
	}
}

// keepLast deletes the oldest backups if there are more than KEEP_LAST. Those that cannot be
// deleted now are deleted after the next backup.
func keepLast(tx *store.Tx, v *VM) {
	keep := v.Backups.number(cfgKeepLast)
	if keep <= 0 || len(v.Backups.IDs) <= keep {
		return
	}
	for _, id := range v.Backups.IDs[:len(v.Backups.IDs)-keep] {
		_ = image.Delete(tx, id, false) // BackupRemoved updates the VM once the files are deleted
	}
}

// notBackedUp resets the configuration after a failed backup.
func notBackedUp(tx *store.Tx, v *VM) {
	v.Backups.Config.Del(cfgLastDS)
	jobDone(tx, v, false)
}

// CheckBackupRemoval refuses to delete a backup image while its VM is writing or merging
// increments.
func CheckBackupRemoval(r store.Reader, img *image.Image) error {
	v, ok := Kind.Table.Get(r, store.ID(img.BackupVM))
	if img.Type != one.ImageTypeBackup || !ok {
		return nil
	}
	busy := v.LCM == one.LCMBackup || v.LCM == one.LCMBackupPoweroff
	if v.Backups.flag(cfgFlatten) || busy && v.Backups.incremental() {
		return one.Errorf(one.CodeAction,
			"Cannot delete image. Active backup on the associated VM. Wait till it finish to delete the backup Image")
	}
	return nil
}

// BackupRemoved removes a deleted backup image from its VM. If it was the current chain, the next
// backup is a full one.
func BackupRemoved(tx *store.Tx, vmID, imageID int) {
	v, ok := Kind.Table.Edit(tx, store.ID(vmID))
	if !ok {
		return
	}
	v.Backups.IDs = slices.DeleteFunc(v.Backups.IDs, func(id int) bool { return id == imageID })
	if v.Backups.number(cfgChain) == imageID {
		v.Backups.newChain()
	}
	Kind.Put(tx, v)
}

// FlattenDone allows backups of a VM again after increments were merged.
func FlattenDone(tx *store.Tx, vmID int) {
	if v, ok := Kind.Table.Edit(tx, store.ID(vmID)); ok {
		v.Backups.Config.Set(cfgFlatten, "NO")
		Kind.Put(tx, v)
	}
}
