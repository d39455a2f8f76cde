package qemuimg

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Swap stands for swap space in place of a file system.
const Swap = "swap"

// mkfs are the commands that make file systems in a file. They overwrite it without asking.
var mkfs = map[string][]string{
	"ext2":  {"mkfs.ext2", "-q", "-F"},
	"ext3":  {"mkfs.ext3", "-q", "-F"},
	"ext4":  {"mkfs.ext4", "-q", "-F"},
	"xfs":   {"mkfs.xfs", "-q", "-f"},
	"btrfs": {"mkfs.btrfs", "-q", "-f"},
	"vfat":  {"mkfs.vfat"},
	"ntfs":  {"mkfs.ntfs", "-q", "-Q", "-F"},
	Swap:    {"mkswap", "-q", "-L", "swap"},
}

// Empty describes an empty disk.
type Empty struct {
	SizeMiB int64
	Format  string // raw or qcow2; raw when ""
	FS      string // file system to make on it, Swap for swap space, "" for none
}

// Check tells what is wrong with e.
func (e Empty) Check() error {
	if e.SizeMiB <= 0 {
		return fmt.Errorf("an empty disk needs a SIZE in MiB, not %d", e.SizeMiB)
	}
	if e.Format != Raw && e.Format != Qcow2 && e.Format != "" {
		return fmt.Errorf("the format %q is not supported: choose raw or qcow2", e.Format)
	}
	if _, known := mkfs[e.FS]; !known && e.FS != "" {
		return fmt.Errorf("the file system %q is not supported: choose one of btrfs, ext2, ext3, ext4, ntfs, vfat, xfs", e.FS)
	}
	return nil
}

// Create creates an empty disk. One with a file system is first made as raw image path+".fs",
// as mkfs does not support qcow2.
func (t Tool) Create(ctx context.Context, path string, e Empty) error {
	if err := e.Check(); err != nil {
		return err
	}
	if e.FS == "" || e.Format != Qcow2 {
		return t.createAs(ctx, path, e)
	}
	raw := path + ".fs"
	defer t.Runner.Discard(ctx, t.Host, raw)
	if err := t.createAs(ctx, raw, Empty{SizeMiB: e.SizeMiB, Format: Raw, FS: e.FS}); err != nil {
		return err
	}
	return t.Convert(ctx, raw, Raw, path, Qcow2)
}

func (t Tool) createAs(ctx context.Context, path string, e Empty) error {
	format := e.Format
	if format == "" {
		format = Raw
	}
	if _, err := t.qemuImg(ctx, "create", "-q", "-f", format, path, strconv.FormatInt(e.SizeMiB, 10)+"M"); err != nil || e.FS == "" {
		return err
	}
	if _, err := t.Runner.Command(ctx, t.Host, append(mkfs[e.FS][:len(mkfs[e.FS]):len(mkfs[e.FS])], path)...); err != nil {
		return fmt.Errorf("making the file system %s (is it installed there?): %w", strings.ToLower(e.FS), err)
	}
	return nil
}
