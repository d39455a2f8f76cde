package vmrun

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// backup saves the disks of the running VM.
func (j *job) backup(ctx context.Context) (engine.Outcome, error) {
	saver, err := ability[drivers.Backuper](j, "save the disks of a running VM")
	if err != nil {
		return nil, err
	}
	return j.saveDisks(ctx, func(ids []int, at drivers.Checkpoints, dir string) error {
		return saver.Backup(ctx, j.here.vm, ids, at, j.args[vm.ArgFreeze], dir)
	})
}

// backupOff saves the disks of a VM that does not run.
func (j *job) backupOff(ctx context.Context) (engine.Outcome, error) {
	return j.saveDisks(ctx, func(ids []int, at drivers.Checkpoints, dir string) error {
		for _, id := range ids {
			if err := j.backupDisk(ctx, id, at, dir); err != nil {
				return fmt.Errorf("disk %d: %w", id, err)
			}
		}
		return nil
	})
}

func (j *job) backupDisk(ctx context.Context, id int, at drivers.Checkpoints, dir string) error {
	d, tm, err := j.diskBackuper(id)
	if err != nil {
		return err
	}
	return tm.BackupDisk(ctx, j.here.host, j.here.disk(d), at, diskIn(dir, id))
}

// saveDisks collects copies of the disks in a folder next to the VM's files, and has the driver
// move them into the backup datastore.
func (j *job) saveDisks(ctx context.Context, save func([]int, drivers.Checkpoints, string) error) (engine.Outcome, error) {
	keeper, ds, err := j.backupStore(j.args[vm.ArgDatastore])
	if err != nil {
		return nil, err
	}
	ids, err := vm.ParseDiskIDs(j.args[vm.ArgDisks])
	if err != nil {
		return nil, err
	}
	dir := j.backupDir()
	if err := j.here.tm.Delete(ctx, j.here.host, dir); err != nil {
		return nil, err
	}
	at := drivers.Checkpoints{Since: j.args[vm.ArgSince], Keep: j.args[vm.ArgKeep]}
	if err := save(ids, at, dir); err != nil {
		return nil, err
	}
	size, err := keeper.KeepBackup(ctx, ds, j.backupRef(), j.here.host, dir, backupDocument(j.vm))
	if err != nil {
		return nil, err
	}
	if err := j.here.tm.Delete(ctx, j.here.host, dir); err != nil {
		return nil, err
	}
	return engine.Outcome{
		vm.OutSource: j.args[vm.ArgBackup], vm.OutFormat: "qcow2", vm.OutSize: strconv.FormatInt(size, 10),
	}, nil
}

// cancelBackup deletes what a cancelled backup has written so far.
func (j *job) cancelBackup(ctx context.Context) error {
	if err := j.here.tm.Delete(ctx, j.here.host, j.backupDir()); err != nil {
		return err
	}
	keeper, ds, err := j.backupStore(j.args[vm.ArgDatastore])
	if err != nil {
		return err
	}
	return keeper.ForgetBackups(ctx, ds, []drivers.BackupRef{j.backupRef()})
}

// backupDir is the folder on the host in which a backup is collected.
func (j *job) backupDir() string { return j.here.vm.Dir + "/backup" }

func (j *job) backupRef() drivers.BackupRef {
	return drivers.BackupRef{VMID: j.vm.ID, Name: j.args[vm.ArgBackup]}
}

func diskIn(dir string, id int) string { return dir + "/disk." + strconv.Itoa(id) }

// backupDocument is the VM's description, which is stored with the copies of its disks.
func backupDocument(v *vm.VM) []byte {
	doc := []byte("<VM><ID>" + strconv.Itoa(v.ID) + "</ID>")
	doc = v.Template.AppendXML(doc, "TEMPLATE")
	doc = v.User.AppendXML(doc, "USER_TEMPLATE")
	return append(doc, "</VM>"...)
}

// backupStore is the driver of a backup datastore.
func (r *Runner) backupStore(id string) (drivers.BackupStore, drivers.Datastore, error) {
	n, err := strconv.Atoi(id)
	if err != nil {
		return nil, drivers.Datastore{}, fmt.Errorf("the backup names no datastore: %q", id)
	}
	ds, err := datastore.Kind.Get(r.Store.Read(), n)
	if err != nil {
		return nil, drivers.Datastore{}, err
	}
	keeper, ok := r.Drivers.DS[ds.DSMad].(drivers.BackupStore)
	if !ok {
		return nil, drivers.Datastore{}, fmt.Errorf("datastore %d: the driver %q keeps no backups", n, ds.DSMad)
	}
	return keeper, ds.ForDrivers(r.VMs.Secrets), nil
}

func (j *job) diskBackuper(id int) (*attr.Attr, drivers.DiskBackuper, error) {
	d := j.vm.Disk(id)
	if d == nil {
		return nil, nil, fmt.Errorf("VM %d has no disk %d", j.vm.ID, id)
	}
	tm, err := j.transferOf(j.here, d)
	if err != nil {
		return nil, nil, err
	}
	saver, ok := tm.(drivers.DiskBackuper)
	if !ok {
		return nil, nil, fmt.Errorf("transfer driver %q saves no disks", d.Get("TM_MAD"))
	}
	return d, saver, nil
}

// restoreBackup overwrites disks of the VM with their contents in a backup.
func (j *job) restoreBackup(ctx context.Context) error {
	imageID, err := j.number(vm.ArgImage)
	if err != nil {
		return err
	}
	increment, err := j.number(vm.ArgIncrement)
	if err != nil {
		return err
	}
	img, err := image.Kind.Get(j.Store.Read(), imageID)
	if err != nil {
		return err
	}
	keeper, ds, err := j.backupStore(strconv.Itoa(img.DatastoreID))
	if err != nil {
		return err
	}
	var chain []drivers.BackupRef
	for _, name := range img.Chain(increment) {
		chain = append(chain, drivers.BackupRef{VMID: img.BackupVM, Name: name})
	}
	ids, err := j.restorable(img)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := j.restoreDisk(ctx, keeper, ds, chain, id); err != nil {
			return fmt.Errorf("disk %d: %w", id, err)
		}
	}
	return nil
}

// restorable lists the disks to restore: the one that the call names, or all disks that both
// the backup and the VM have.
func (j *job) restorable(img *image.Image) ([]int, error) {
	one, err := j.number(vm.ArgDisk)
	if err != nil {
		return nil, err
	}
	var ids []int
	for _, id := range img.BackupDiskIDs {
		if (one < 0 || one == id) && j.vm.Disk(id) != nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("the backup %d has none of these disks of VM %d", img.ID, j.vm.ID)
	}
	return ids, nil
}

// restoreDisk extracts the disk from the chain of backups first, into the backup datastore,
// which has room for it, and then copies it to the host.
func (j *job) restoreDisk(ctx context.Context, keeper drivers.BackupStore, ds drivers.Datastore, chain []drivers.BackupRef, id int) error {
	d, tm, err := j.diskBackuper(id)
	if err != nil {
		return err
	}
	file := filepath.Join(ds.Path, fmt.Sprintf("restore-%d-%d.qcow2", j.vm.ID, id))
	defer func() { _ = os.Remove(file) }() // a file that stays is overwritten by the next restore
	if _, err := keeper.ExtractDisk(ctx, ds, chain, id, file); err != nil {
		return err
	}
	return tm.RestoreDisk(ctx, j.here.host, j.here.disk(d), file)
}
