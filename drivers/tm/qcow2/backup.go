package qcow2

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
)

var _ drivers.DiskBackuper = (*Transfer)(nil)

// checkpointPrefix begins the names of the dirty bitmaps of backups.
const checkpointPrefix = "backup-"

// BackupDisk copies a disk, or what has changed since a checkpoint. A checkpoint is a dirty
// bitmap in the image, which a hypervisor with the image open updates.
func (t *Transfer) BackupDisk(ctx context.Context, h drivers.Host, d drivers.Disk, at drivers.Checkpoints, file string) error {
	for _, p := range []string{d.Path, file} {
		if err := t.confine(ctx, h, p); err != nil {
			return err
		}
	}
	if _, err := t.runner.Script(ctx, h, `mkdir -p -- "$1"; rm -f -- "$2"`, path.Dir(file), file); err != nil {
		return err
	}
	if err := t.turnCheckpoints(ctx, h, d, at); err != nil {
		return err
	}
	if at.Since == "" {
		return t.tool(h).Convert(ctx, d.Path, Format(d.Attrs), file, qemuimg.Qcow2)
	}
	info, err := t.tool(h).Info(ctx, d.Path, qemuimg.Qcow2)
	if err != nil {
		return err
	}
	if err := t.tool(h).CreateSized(ctx, file, info.VirtualBytes); err != nil {
		return err
	}
	return t.tool(h).CopyDirty(ctx, d.Path, at.Since, file)
}

// turnCheckpoints creates the new checkpoint, again if it exists, and removes those that no
// later backup will begin from.
func (t *Transfer) turnCheckpoints(ctx context.Context, h drivers.Host, d drivers.Disk, at drivers.Checkpoints) error {
	if at == (drivers.Checkpoints{}) {
		return nil
	}
	if Format(d.Attrs) != qemuimg.Qcow2 {
		return fmt.Errorf("disk %d is raw, and only qcow2 disks remember what was written to them", d.ID)
	}
	there, err := t.tool(h).Bitmaps(ctx, d.Path)
	if err != nil {
		return err
	}
	if at.Since != "" && !slices.Contains(there, at.Since) {
		return fmt.Errorf("disk %d does not remember what was written since the last backup: begin a new chain (reset)", d.ID)
	}
	for _, name := range there {
		if strings.HasPrefix(name, checkpointPrefix) && name != at.Since {
			if err := t.tool(h).RemoveBitmap(ctx, d.Path, name); err != nil {
				return err
			}
		}
	}
	return t.tool(h).AddBitmap(ctx, d.Path, at.Keep)
}

// RestoreDisk replaces the content of a disk. If a persistent disk is a link to its image, the
// image's content is replaced. The VM's next backup will be a full one, so checkpoints may be
// lost.
func (t *Transfer) RestoreDisk(ctx context.Context, h drivers.Host, d drivers.Disk, file string) error {
	place, err := t.behind(ctx, h, d.Path)
	if err != nil {
		return err
	}
	tmp := place + ".restore"
	defer t.runner.Discard(ctx, h, tmp)
	defer t.runner.Discard(ctx, h, tmp+".new")
	if err := t.runner.PutFile(ctx, h, file, tmp); err != nil {
		return err
	}
	format := Format(d.Attrs)
	if err := t.tool(h).Convert(ctx, tmp, qemuimg.Qcow2, tmp+".new", format); err != nil {
		return err
	}
	return t.finish(ctx, h, tmp+".new", place)
}

// behind answers the file of a disk: its own path, or the target of its link, which has to be
// below the datastores, too.
func (t *Transfer) behind(ctx context.Context, h drivers.Host, p string) (string, error) {
	if err := t.confine(ctx, h, p); err != nil {
		return "", err
	}
	out, err := t.runner.Script(ctx, h, `if [ -h "$1" ]; then readlink -- "$1"; else echo "$1"; fi`, p)
	if err != nil {
		return "", err
	}
	place := strings.TrimSuffix(string(out), "\n")
	return place, t.confine(ctx, h, place)
}
