package fs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
	"github.com/renkei-vpe/renkei/drivers/sparsefile"
)

// Import copies or creates an image. A repeated call starts over, as a file that exists after a
// crash may be damaged.
func (s *Store) Import(ctx context.Context, ds drivers.Datastore, img drivers.ImageSpec, progress func(doneBytes int64)) (drivers.Stored, error) {
	t, err := treat(ds, img)
	if err != nil {
		return drivers.Stored{}, err
	}
	return s.make(ctx, ds, img.ID, func(tmp string) (drivers.Stored, error) {
		if img.Path == "" {
			e := emptyDisk(img)
			return drivers.Stored{Format: e.Format, SizeMiB: e.SizeMiB}, s.tool.Create(ctx, tmp, e)
		}
		if err := s.fetch(ctx, ds, img, t, tmp, progress); err != nil {
			return drivers.Stored{}, err
		}
		return s.accept(ctx, t, tmp)
	})
}

// fetch writes the uncompressed image to tmp and verifies its checksums.
func (s *Store) fetch(ctx context.Context, ds drivers.Datastore, img drivers.ImageSpec, t treatment, tmp string, progress func(int64)) (err error) {
	src, err := s.openFor(ctx, ds, img)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	sums := wantedSums(img.Attrs)
	raw := io.TeeReader(&reading{ctx: ctx, r: src, progress: progress}, sums)
	content := raw
	if t.unpack {
		if content, _, err = unpack(raw); err != nil {
			return err
		}
	}
	if _, err := sparsefile.Write(tmp, content); err != nil {
		return fmt.Errorf("copying %s: %w", img.Path, err)
	}
	// Checksums are of all bytes, including those after the compressed stream.
	if _, err := io.Copy(io.Discard, raw); err != nil {
		return err
	}
	return sums.check()
}

// accept checks the image and converts it to the wanted format.
func (s *Store) accept(ctx context.Context, t treatment, tmp string) (drivers.Stored, error) {
	head, size, err := t.look(tmp)
	if err != nil {
		return drivers.Stored{}, err
	}
	if to := t.result(head); to != head.Format {
		converted := tmp + sparsefile.Part
		defer s.tool.Runner.Discard(ctx, s.tool.Host, converted)
		if err := s.tool.Convert(ctx, tmp, head.Format, converted, to); err != nil {
			return drivers.Stored{}, err
		}
		head.Format = to
		if err := os.Rename(converted, tmp); err != nil {
			return drivers.Stored{}, err
		}
	}
	return drivers.Stored{Format: head.Format, SizeMiB: inMiB(size)}, nil
}

// look answers the format of the file tmp and its virtual size in bytes.
func (t treatment) look(tmp string) (qemuimg.Head, int64, error) {
	f, err := os.Open(tmp)
	if err != nil {
		return qemuimg.Head{}, 0, err
	}
	defer f.Close()
	head, err := t.probeFile(f)
	if err != nil {
		return head, 0, err
	}
	size, err := virtualSize(f, head)
	return head, size, err
}

// Clone copies an image of this datastore, or of another one next to it, sparsely and, if the
// file system supports it, with shared blocks (reflink).
func (s *Store) Clone(ctx context.Context, ds drivers.Datastore, from drivers.Stored, img drivers.ImageSpec) (drivers.Stored, error) {
	if err := confineBeside(ds, from.Source); err != nil {
		return drivers.Stored{}, err
	}
	return s.make(ctx, ds, img.ID, func(tmp string) (drivers.Stored, error) {
		_, err := s.tool.Runner.Command(ctx, s.tool.Host, "cp", "--sparse=always", "--reflink=auto", "--", from.Source, tmp)
		return drivers.Stored{Format: from.Format, SizeMiB: from.SizeMiB}, err
	})
}
