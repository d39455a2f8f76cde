package qcow2

import (
	"context"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/sparsefile"
)

// Link makes d the image itself: by a symbolic link on this machine, by a copy elsewhere, which
// Return copies back.
func (t *Transfer) Link(ctx context.Context, h drivers.Host, d drivers.Disk) error {
	if _, err := os.Stat(d.Source); err != nil {
		return fmt.Errorf("the image of disk %d: %w", d.ID, err)
	}
	return t.make(ctx, h, d.Path, func(tmp string) error {
		if h.Local {
			_, err := t.runner.Command(ctx, h, "ln", "-s", "--", d.Source, tmp)
			return err
		}
		return t.runner.PutFile(ctx, h, d.Source, tmp)
	})
}

// Return copies a persistent disk back to its image, unless it is the image.
func (t *Transfer) Return(ctx context.Context, h drivers.Host, d drivers.Disk) error {
	if err := t.confine(ctx, h, d.Path); err != nil {
		return err
	}
	if err := t.below(d.Source); err != nil {
		return err
	}
	const what = `if [ -h "$1" ]; then readlink -- "$1"; elif [ -f "$1" ]; then echo copy; else
echo "disk $1 is not there: it cannot be brought back" >&2; exit 1; fi`
	out, err := t.runner.Script(ctx, h, what, d.Path)
	if err != nil {
		return err
	}
	switch is := strings.TrimSuffix(string(out), "\n"); is {
	case d.Source:
		return nil
	case "copy":
		return t.runner.GetFile(ctx, h, d.Path, d.Source)
	default:
		return fmt.Errorf("disk %s is a link to %s, not to its image %s: it is left alone", d.Path, is, d.Source)
	}
}

// SaveAs copies the disk to the local file dst, without backing file. On another host the copy
// is made there first, next to the disk.
func (t *Transfer) SaveAs(ctx context.Context, h drivers.Host, d drivers.Disk, dst string) error {
	if err := t.confine(ctx, h, d.Path); err != nil {
		return err
	}
	front, format := drivers.Host{Local: true}, Format(d.Attrs)
	return t.make(ctx, front, dst, func(tmp string) error {
		if h.Local {
			return t.tool(h).Convert(ctx, d.Path, format, tmp, format)
		}
		flat := d.Path + ".saveas" + sparsefile.Part
		defer t.runner.Discard(ctx, h, flat)
		if err := t.tool(h).Convert(ctx, d.Path, format, flat, format); err != nil {
			return err
		}
		return t.runner.GetFile(ctx, h, flat, tmp)
	})
}

// Context makes a new CD in each call, as its content may have changed.
func (t *Transfer) Context(ctx context.Context, h drivers.Host, d drivers.Disk, files []drivers.File) error {
	if err := t.confine(ctx, h, d.Path); err != nil {
		return err
	}
	cd, err := buildCD(files)
	if err != nil {
		return err
	}
	defer os.RemoveAll(path.Dir(cd))
	if _, err := t.runner.Command(ctx, h, "mkdir", "-p", "--", path.Dir(d.Path)); err != nil {
		return err
	}
	return t.runner.PutFile(ctx, h, cd, d.Path)
}
