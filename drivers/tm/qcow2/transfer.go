package qcow2

import (
	"context"
	"fmt"
	"path"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/keylock"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
	"github.com/renkei-vpe/renkei/drivers/remote"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Transfer is the transfer driver "qcow2".
type Transfer struct {
	runner *remote.Runner
	root   string
	locks  keylock.Locks // one copy of an image into a host's cache at a time
}

var (
	_ drivers.Transfer        = (*Transfer)(nil)
	_ drivers.DiskSnapshotter = (*Transfer)(nil)
)

// New makes a Transfer for the datastores below root, which is the same folder
// on all hosts.
func New(runner *remote.Runner, root string) (*Transfer, error) {
	if root = path.Clean(root); !path.IsAbs(root) || root == "/" {
		return nil, fmt.Errorf("the folder of the datastores is %q: it must be a whole path, and not /", root)
	}
	return &Transfer{runner: runner, root: root}, nil
}

// Format answers the format of a disk on the host.
func Format(disk attr.Attr) string {
	for _, name := range []string{"DRIVER", "FORMAT"} {
		if f := disk.Get(name); f == qemuimg.Raw || f == qemuimg.Qcow2 {
			return f
		}
	}
	return qemuimg.Raw
}

// imageFormat answers the format of the image that a disk comes from.
func imageFormat(disk attr.Attr) string {
	if f := disk.Get("FORMAT"); f == qemuimg.Raw || f == qemuimg.Qcow2 {
		return f
	}
	return Format(disk)
}

func (t *Transfer) tool(h drivers.Host) qemuimg.Tool {
	return qemuimg.Tool{Runner: t.runner, Host: h}
}

// Clone makes d a private copy of its image, of the SIZE it asks for.
func (t *Transfer) Clone(ctx context.Context, h drivers.Host, d drivers.Disk) error {
	return t.make(ctx, h, d.Path, func(tmp string) error {
		if err := t.copyOf(ctx, h, d, tmp); err != nil {
			return err
		}
		size, _ := d.Attrs.Int("SIZE")
		return t.tool(h).Grow(ctx, tmp, Format(d.Attrs), int64(size))
	})
}

// copyOf makes tmp from the image in the cheapest way that the format allows.
func (t *Transfer) copyOf(ctx context.Context, h drivers.Host, d drivers.Disk, tmp string) error {
	key, err := cacheKey(d.Source)
	if err != nil {
		return err
	}
	from, to := imageFormat(d.Attrs), Format(d.Attrs)
	if to == qemuimg.Qcow2 {
		base := basePrefix + key // relative, so that the folder can be moved
		if err := t.link(ctx, h, d.Source, key, path.Join(path.Dir(d.Path), base)); err != nil {
			return err
		}
		return t.tool(h).Overlay(ctx, tmp, base, from)
	}
	whole := tmp + ".image"
	defer t.runner.Discard(ctx, h, whole)
	if err := t.link(ctx, h, d.Source, key, whole); err != nil {
		return err
	}
	if from == to {
		_, err := t.runner.Command(ctx, h, "cp", "--sparse=always", "--reflink=auto", "-L", "--", whole, tmp)
		return err
	}
	return t.tool(h).Convert(ctx, whole, from, tmp, to)
}

// Create makes an empty volatile disk.
func (t *Transfer) Create(ctx context.Context, h drivers.Host, d drivers.Disk) error {
	size, _ := d.Attrs.Int("SIZE")
	e := qemuimg.Empty{SizeMiB: int64(size), Format: Format(d.Attrs), FS: d.Attrs.Get("FS")}
	if d.Attrs.Get("TYPE") == qemuimg.Swap || d.Attrs.Get("FORMAT") == qemuimg.Swap {
		e.FS = qemuimg.Swap
	}
	if err := e.Check(); err != nil {
		return fmt.Errorf("disk %d: %w", d.ID, err)
	}
	return t.make(ctx, h, d.Path, func(tmp string) error { return t.tool(h).Create(ctx, tmp, e) })
}

// Resize grows the disk.
func (t *Transfer) Resize(ctx context.Context, h drivers.Host, d drivers.Disk, sizeMiB int64) error {
	if err := t.confine(ctx, h, d.Path); err != nil {
		return err
	}
	return t.tool(h).Grow(ctx, d.Path, Format(d.Attrs), sizeMiB)
}
