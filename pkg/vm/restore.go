package vm

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// CheckRestore checks the arguments of one.vm.restore. oned does this before it checks
// permissions.
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

// RestoreBackup serves one.vm.restore. With disk -1 all disks in the backup are restored.
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

// restored removes snapshots, which are gone after a restore, and starts a new chain of backups.
func restored(v *VM) {
	v.Template.Del("SNAPSHOT")
	clearDiskSnapshots(v)
	if v.Backups.configured() {
		v.Backups.newChain()
	}
}
