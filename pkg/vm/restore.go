package vm

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// CheckRestore tells what stands against writing a backup over the disks of a
// VM, before anybody's rights are looked at.
func CheckRestore(r store.Reader, id, imageID, increment, disk int) error {
	v, err := Kind.Get(r, id)
	if err != nil {
		return err
	}
	if disk != -1 && v.Disk(disk) == nil {
		return noDisk()
	}
	img, err := image.Kind.Get(r, imageID)
	switch {
	case err != nil:
		return err
	case img.Type != one.ImageTypeBackup:
		return one.Errorf(one.CodeAction, "Image has to be of type BACKUP")
	case increment > img.LastIncrement():
		return one.Errorf(one.CodeAction, "Wrong increment")
	}
	return nil
}

// RestoreBackup serves one.vm.restore: disk -1 is all that the backup has.
func RestoreBackup(tx *store.Tx, s Settings, c *one.Caller, id, imageID, increment, disk int) error {
	if err := CheckRestore(tx, id, imageID, increment, disk); err != nil {
		return err
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	return Fire(tx, s, v, lifecycle.RestoreBackup, Cause{By: c, Args: effect.Args{
		ArgImage: strconv.Itoa(imageID), ArgIncrement: strconv.Itoa(increment), ArgDisk: strconv.Itoa(disk),
	}})
}

// restored forgets what the disks no longer have: snapshots, and the moments
// that increments would begin from.
func restored(v *VM) {
	v.Template.Del("SNAPSHOT")
	clearDiskSnapshots(v)
	if v.Backups.configured() {
		v.Backups.newChain()
	}
}
