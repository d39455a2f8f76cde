package drivers

import "context"

// BackupStore is implemented by datastore drivers for backups of VMs.
type BackupStore interface {
	// KeepBackup stores the files disk.<ID> of the folder dir on h, with a description of the
	// VM, and answers their size in MiB. An existing backup of that name is replaced.
	KeepBackup(ctx context.Context, ds Datastore, b BackupRef, h Host, dir string, about []byte) (sizeMiB int64, err error)
	// AboutBackup answers the description of the VM that KeepBackup stored.
	AboutBackup(ctx context.Context, ds Datastore, b BackupRef) ([]byte, error)
	// ExtractDisk writes a disk, as it was at the last backup of a chain that begins with a
	// full one, to a local file: a qcow2 image without backing file. An existing file is
	// replaced.
	ExtractDisk(ctx context.Context, ds Datastore, chain []BackupRef, diskID int, file string) (Stored, error)
	// FlattenBackups turns the last backup of a chain into a full one, deletes the others, and
	// answers the size of what is left. It succeeds if that is done already.
	FlattenBackups(ctx context.Context, ds Datastore, chain []BackupRef) (sizeMiB int64, err error)
	// ForgetBackups deletes backups, incomplete ones too. It succeeds if there are none.
	ForgetBackups(ctx context.Context, ds Datastore, list []BackupRef) error
}

// BackupRef names a backup in a datastore.
type BackupRef struct {
	VMID int
	Name string
}

// Checkpoints delimit an increment. A disk records what is written to it after a checkpoint, in
// a dirty bitmap.
type Checkpoints struct {
	Since string // the checkpoint that the increment begins from, "" for a full backup
	Keep  string // the checkpoint to create now, "" for none
}

// DiskBackuper is implemented by transfer drivers that can back up and restore disks which no
// running VM uses.
type DiskBackuper interface {
	// BackupDisk writes a disk to file on the host, in qcow2: all of it, or what has changed
	// since a checkpoint. It may be repeated: the checkpoint at.Since is kept until a later
	// backup begins from another one.
	BackupDisk(ctx context.Context, h Host, d Disk, at Checkpoints, file string) error
	// RestoreDisk overwrites a disk with the content of a local qcow2 file.
	RestoreDisk(ctx context.Context, h Host, d Disk, file string) error
}

// Backuper is implemented by hypervisors that back up all disks of a running VM at one point in
// time.
type Backuper interface {
	// Backup writes disks to files disk.<ID> in the folder dir on the host, as BackupDisk does.
	// If freeze is AGENT, the guest agent freezes the file systems for a moment; if it is
	// SUSPEND, the guest is paused.
	Backup(ctx context.Context, vm VM, diskIDs []int, at Checkpoints, freeze, dir string) error
}
