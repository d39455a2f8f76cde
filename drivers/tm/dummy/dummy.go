// Package dummy is a transfer driver for simulated hosts: to try Renkei without hosts, for
// tests, and to measure the engine alone.
//
// If it has a folder, it creates a small file for each disk, so that tests can find lost disks
// and those that are left over.
package dummy

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/dummyaction"
)

// Transfer is the transfer driver "dummy". With the zero value every action succeeds and does
// nothing. The names of its actions are those of OpenNebula's transfer drivers, with tm_:
// tm_clone, tm_ln, tm_mkimage, tm_mkswap, tm_context, tm_mvds, tm_cpds, tm_resize, tm_delete,
// tm_mv, tm_snap_create, tm_snap_revert, tm_snap_delete, tm_prebackup, tm_restore,
// tm_postmigrate.
type Transfer struct {
	dummyaction.Actions
	// Marks is the folder for the files of disks, with a subfolder for each host ("local" for
	// this machine) in which disks have their usual paths. "" creates none.
	Marks string
}

var (
	_ drivers.Transfer        = (*Transfer)(nil)
	_ drivers.DiskSnapshotter = (*Transfer)(nil)
	_ drivers.EmptyMover      = (*Transfer)(nil)
	_ drivers.PostMigrator    = (*Transfer)(nil)
)

// mark answers the file for path on h.
func (t *Transfer) mark(h drivers.Host, path string) (string, error) {
	if !filepath.IsAbs(path) || filepath.Clean(path) != path || filepath.Dir(path) == "/" || path == "/" {
		return "", fmt.Errorf("%q is no place for a disk", path)
	}
	host := "local"
	if !h.Local {
		host = url.PathEscape(h.Name)
	}
	return filepath.Join(t.Marks, host, path), nil
}

// put creates the file of a disk.
func (t *Transfer) put(ctx context.Context, action string, h drivers.Host, path, text string) error {
	if err := t.Play(ctx, "tm_"+action); err != nil {
		return err
	}
	return t.write(h, path, action+" "+text+"\n")
}

func (t *Transfer) write(h drivers.Host, path, text string) error {
	if t.Marks == "" {
		return nil
	}
	mark, err := t.mark(h, path)
	if err != nil {
		return err
	}
	return dummyaction.File(func() error {
		if err := os.MkdirAll(filepath.Dir(mark), 0o777); err != nil {
			return err
		}
		return os.WriteFile(mark, []byte(text), 0o666)
	})
}

// need fails unless the disk's file exists. A source that is no path is that of a dummy image,
// which has no file.
func (t *Transfer) need(ctx context.Context, action string, h drivers.Host, place string) error {
	if err := t.Play(ctx, "tm_"+action); err != nil || t.Marks == "" || !path.IsAbs(place) {
		return err
	}
	mark, err := t.mark(h, place)
	if err != nil {
		return err
	}
	_, err = os.Stat(mark)
	return err
}

// Clone marks a disk.
func (t *Transfer) Clone(ctx context.Context, h drivers.Host, d drivers.Disk) error {
	return t.put(ctx, "clone", h, d.Path, d.Source)
}

// Link marks a persistent disk.
func (t *Transfer) Link(ctx context.Context, h drivers.Host, d drivers.Disk) error {
	return t.put(ctx, "ln", h, d.Path, d.Source)
}

// Create marks a volatile disk.
func (t *Transfer) Create(ctx context.Context, h drivers.Host, d drivers.Disk) error {
	kind, action := d.Attrs.Get("TYPE"), "mkimage"
	if strings.EqualFold(kind, "swap") {
		action = "mkswap"
	}
	return t.put(ctx, action, h, d.Path, kind)
}

// Context marks a context CD.
func (t *Transfer) Context(ctx context.Context, h drivers.Host, d drivers.Disk, files []drivers.File) error {
	return t.put(ctx, "context", h, d.Path, fmt.Sprintf("%d files", len(files)))
}

// Return requires the disk to exist.
func (t *Transfer) Return(ctx context.Context, h drivers.Host, d drivers.Disk) error {
	return t.need(ctx, "mvds", h, d.Path)
}

// SaveAs requires the disk to exist, and marks the new image on this machine.
func (t *Transfer) SaveAs(ctx context.Context, h drivers.Host, d drivers.Disk, dst string) error {
	if err := t.need(ctx, "cpds", h, d.Path); err != nil {
		return err
	}
	if !path.IsAbs(dst) { // a dummy image has no file
		return nil
	}
	return t.write(drivers.Host{Local: true}, dst, "cpds "+d.Path+"\n")
}

// Resize requires the disk to exist.
func (t *Transfer) Resize(ctx context.Context, h drivers.Host, d drivers.Disk, _ int64) error {
	return t.need(ctx, "resize", h, d.Path)
}

// Delete removes the marks of a disk or of a folder.
func (t *Transfer) Delete(ctx context.Context, h drivers.Host, path string) error {
	if err := t.Play(ctx, "tm_delete"); err != nil || t.Marks == "" {
		return err
	}
	mark, err := t.mark(h, path)
	if err != nil {
		return err
	}
	return os.RemoveAll(mark)
}

// Move moves the marks of a folder in one step.
func (t *Transfer) Move(ctx context.Context, from, to drivers.Folder) error {
	return t.move(ctx, "tm_mv", from, to)
}

// MoveEmpty succeeds unless tm_mv is told to fail.
func (t *Transfer) MoveEmpty(ctx context.Context, _, _ drivers.Folder) error {
	return t.Play(ctx, "tm_mv")
}

// PostMigrate moves the marks of a folder to the VM's new host.
func (t *Transfer) PostMigrate(ctx context.Context, from, to drivers.Host, dir string) error {
	return t.move(ctx, "tm_postmigrate", drivers.Folder{Host: from, Dir: dir}, drivers.Folder{Host: to, Dir: dir})
}

func (t *Transfer) move(ctx context.Context, action string, from, to drivers.Folder) error {
	if err := t.Play(ctx, action); err != nil || t.Marks == "" {
		return err
	}
	old, err := t.mark(from.Host, from.Dir)
	if err != nil {
		return err
	}
	place, err := t.mark(to.Host, to.Dir)
	if err != nil || old == place {
		return err
	}
	return rename(old, place)
}

func rename(old, place string) error {
	if _, err := os.Stat(old); errors.Is(err, os.ErrNotExist) {
		_, err := os.Stat(place) // moved by an earlier call, or never created
		return err
	}
	if err := os.MkdirAll(filepath.Dir(place), 0o777); err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(place), os.Rename(old, place))
}

// CreateDiskSnapshot requires the disk to exist.
func (t *Transfer) CreateDiskSnapshot(ctx context.Context, h drivers.Host, d drivers.Disk, _ int) error {
	return t.need(ctx, "snap_create", h, d.Path)
}

// RevertDiskSnapshot requires the disk to exist.
func (t *Transfer) RevertDiskSnapshot(ctx context.Context, h drivers.Host, d drivers.Disk, _ int) error {
	return t.need(ctx, "snap_revert", h, d.Path)
}

// DeleteDiskSnapshot requires the disk to exist.
func (t *Transfer) DeleteDiskSnapshot(ctx context.Context, h drivers.Host, d drivers.Disk, _ int) error {
	return t.need(ctx, "snap_delete", h, d.Path)
}

var _ drivers.DiskBackuper = (*Transfer)(nil)

// BackupDisk requires the disk to exist.
func (t *Transfer) BackupDisk(ctx context.Context, h drivers.Host, d drivers.Disk, _ drivers.Checkpoints, _ string) error {
	return t.need(ctx, "prebackup", h, d.Path)
}

// RestoreDisk requires the disk to exist.
func (t *Transfer) RestoreDisk(ctx context.Context, h drivers.Host, d drivers.Disk, _ string) error {
	return t.need(ctx, "restore", h, d.Path)
}
