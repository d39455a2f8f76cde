package drivers

import "context"

// BackupStore is implemented by datastore drivers that keep backups of VMs.
type BackupStore interface {
	// KeepBackup takes the files of dir on h, disk.<ID> for each disk, into the
	// datastore, with what is known of the VM, and answers their size in MiB. A
	// backup of that name that is there already is replaced.
	KeepBackup(ctx context.Context, ds Datastore, b BackupRef, h Host, dir string, about []byte) (sizeMiB int64, err error)
	// AboutBackup answers what KeepBackup was told of the VM.
	AboutBackup(ctx context.Context, ds Datastore, b BackupRef) ([]byte, error)
	// ExtractDisk writes a disk as it was at the last backup of a chain, which
	// begins with a full one, to file of this machine: a qcow2 image that stands
	// alone. A file that is there is replaced.
	ExtractDisk(ctx context.Context, ds Datastore, chain []BackupRef, diskID int, file string) (Stored, error)
	// FlattenBackups makes the last backup of a chain a full one and forgets the
	// others. It answers the size of what is left. Done already: goal met.
	FlattenBackups(ctx context.Context, ds Datastore, chain []BackupRef) (sizeMiB int64, err error)
	// ForgetBackups deletes backups, half-made ones too. Nothing there: goal met.
	ForgetBackups(ctx context.Context, ds Datastore, list []BackupRef) error
}

// BackupRef names a backup in a datastore.
type BackupRef struct {
	VMID int
	Name string
}

// Checkpoints are the moments that an increment lies between. A disk remembers
// what is written to it after a checkpoint.
type Checkpoints struct {
	Since string // the checkpoint that the backup begins from, "" for all there is
	Keep  string // the checkpoint to begin now, "" for none
}

// DiskBackuper is implemented by transfer drivers whose disks can be saved, and
// written over, while no VM runs from them.
type DiskBackuper interface {
	// BackupDisk writes a disk to file on the host, in qcow2: all of it, or what
	// changed since a checkpoint. A repeated call does all of it again, and loses
	// nothing: the checkpoint since stays until a later backup begins from
	// another one.
	BackupDisk(ctx context.Context, h Host, d Disk, at Checkpoints, file string) error
	// RestoreDisk makes a disk hold what the qcow2 image file of this machine holds.
	RestoreDisk(ctx context.Context, h Host, d Disk, file string) error
}

// Backuper is implemented by hypervisors that save disks of a running VM, all
// as they are at one moment.
type Backuper interface {
	// Backup writes disks to files disk.<ID> in the folder dir on the host, as
	// BackupDisk does. With freeze AGENT the guest's agent is asked to hold the
	// file systems still for that moment, with SUSPEND the guest is paused.
	Backup(ctx context.Context, vm VM, diskIDs []int, at Checkpoints, freeze, dir string) error
}
