package vm

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ResizeDisk serves one.vm.diskresize. SIZE_PREV has the old size until the resize is done.
func ResizeDisk(tx *store.Tx, s Settings, c *one.Caller, id, disk int, sizeMB string) error {
	size, err := DiskSize(sizeMB)
	if err != nil {
		return err
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	d := v.Disk(disk)
	if d == nil {
		return noDisk()
	}
	old, _ := d.Int("SIZE")
	if size <= old {
		return one.Errorf(one.CodeAction, "New disk size has to be greater than current one")
	}
	if d.Get("TYPE") == "FILESYSTEM" {
		return one.Errorf(one.CodeAction, "FILESYSTEM disks can not be resized")
	}
	if err := imageMayGrow(tx, d, int64(size-old)); err != nil {
		return ofCaller(c, err)
	}
	d.Set("SIZE_PREV", strconv.Itoa(old))
	d.Set("SIZE", strconv.Itoa(size))
	if err := affordable(tx, v); err != nil {
		return ofCaller(c, err)
	}
	args := effect.Args{ArgDisk: strconv.Itoa(disk), ArgSize: strconv.Itoa(size)}
	return ofCaller(c, Fire(tx, s, v, lifecycle.ResizeDisk, Cause{By: c, Args: args}))
}

// DiskSize parses the new size of a disk in MiB.
func DiskSize(sizeMB string) (int, error) {
	size, err := strconv.Atoi(sizeMB)
	if err != nil {
		return 0, one.Errorf(one.CodeAction, "Disk SIZE is not a valid integer")
	}
	return size, nil
}

// imageMayGrow checks the quotas of the image's owner for a resize of a persistent disk.
func imageMayGrow(tx *store.Tx, d *attr.Attr, moreMB int64) error {
	if !isPersistent(d) {
		return nil
	}
	id, _ := d.Int("IMAGE_ID")
	img, err := image.Kind.Get(tx, id)
	if err != nil {
		return err
	}
	return quota.Check(tx, img.UID, img.GID, inDatastore(img.DatastoreID, moreMB))
}
