package vm

import (
	"fmt"
	"maps"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// NoJob is the backup job ID of a backup that belongs to no job.
const NoJob = -1

// BackupTarget returns the datastore for a backup of a VM: the one of the chain if the backup is
// an increment, dsID otherwise. It also checks whether the VM can be backed up, because oned
// reports that before missing permissions.
func BackupTarget(r store.Reader, id, dsID int, reset bool, job int) (int, error) {
	v, err := Kind.Get(r, id)
	if err != nil {
		return -1, err
	}
	if of := v.Backups.number(cfgJob); job == NoJob && of >= 0 {
		return -1, bad("Unable to start an individual backup for the Virtual Machine, it is part of Backup Job ID %d", of)
	}
	if hasFilesystem(v) {
		return -1, one.Errorf(one.CodeAction, "Cannot backup VM with FILESYSTEM disks")
	}
	if v.continues(reset) {
		img, err := image.Kind.Get(r, v.Backups.number(cfgChain))
		if err != nil {
			return -1, err
		}
		dsID = img.DatastoreID
	}
	ds, err := datastore.Kind.Get(r, dsID)
	switch {
	case err != nil:
		return -1, err
	case ds.Type != one.DatastoreBackup:
		return -1, one.Errorf(one.CodeAction, "Datastore needs to be of type BACKUP")
	case !image.HasRoom(ds, v.backupMiB()):
		return -1, one.Errorf(one.CodeAction, "Not enough free space on target datastore")
	}
	return dsID, nil
}

// continues tells whether the next backup is an increment of the current chain.
func (v *VM) continues(reset bool) bool {
	return v.Backups.incremental() && !reset && v.Backups.number(cfgLastInc) >= 0
}

// Backup serves one.vm.backup.
func Backup(tx *store.Tx, s Settings, c *one.Caller, id, dsID int, reset bool, job int) error {
	dsID, err := BackupTarget(tx, id, dsID, reset, job)
	if err != nil {
		return err
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if v.Backups.flag(cfgFlatten) {
		return bad("Could not create a new backup for VM %d, consolidating backup increments", id)
	}
	if err := allowed(v, lifecycle.Backup); err != nil {
		return bad("%v", err)
	}
	v.Backups.Config.Set(cfgLastDS, strconv.Itoa(dsID))
	if reset {
		v.Backups.newChain()
	}
	args, err := v.backupArgs(tx, dsID)
	if err != nil {
		return err
	}
	return ofCaller(c, Fire(tx, s, v, lifecycle.Backup, Cause{By: c, Args: args}))
}

// backupArgs returns the arguments for the drivers. The names of the backup and of its checkpoint
// (which the next increment is based on) are never used again.
func (v *VM) backupArgs(tx *store.Tx, dsID int) (effect.Args, error) {
	args := effect.Args{
		ArgBackup: fmt.Sprintf("%06x", tx.Next("backup", 1)), ArgDatastore: strconv.Itoa(dsID),
		ArgDisks: joinIDs(v.backupDisks()), ArgFreeze: v.Backups.Config.Get(cfgFreeze),
	}
	if !v.Backups.incremental() {
		return args, nil
	}
	args[ArgKeep] = checkpoint(args[ArgBackup])
	if !v.continues(false) {
		return args, nil
	}
	img, err := image.Kind.Get(tx, v.Backups.number(cfgChain))
	if err != nil {
		return nil, err
	}
	chain := img.Chain(-1)
	args[ArgSince] = checkpoint(chain[len(chain)-1])
	return args, nil
}

// checkpoint is the name of the libvirt checkpoint that is created with a backup.
func checkpoint(backup string) string { return "backup-" + backup }

// CancelBackup serves one.vm.backupcancel.
func CancelBackup(tx *store.Tx, s Settings, c *one.Caller, id int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	err = Fire(tx, s, v, lifecycle.BackupCancel, Cause{By: c, Args: maps.Clone(effect.Args(v.Doing))})
	return one.WithCode(one.CodeInternal, err)
}

// countBackup adds the maximum size of a running backup to the quota usage.
func countBackup(d *quota.Delta, v *VM) {
	if change := v.Status().Change(); change != lifecycle.DoBackup && change != lifecycle.DoBackupOff {
		return
	}
	use := quota.Store{Images: 1, SizeMB: v.backupMiB()}
	if v.Doing[ArgSince] != "" {
		use.Images = 0
	}
	ds := v.doing(ArgDatastore)
	use.Images += d.Datastores[ds].Images
	use.SizeMB += d.Datastores[ds].SizeMB
	d.Datastores[ds] = use
}
