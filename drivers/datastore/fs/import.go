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

// Import copies or makes an image. A repeated call does all of it again: what a
// file of that name holds cannot be known after a crash.
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

// fetch writes the image to tmp, as it is but unpacked, and checks its sums.
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
	// A sum is of all the bytes, those behind the compressed stream included.
	if _, err := io.Copy(io.Discard, raw); err != nil {
		return err
	}
	return sums.check()
}

// accept looks at what arrived and gives it the format it is to have.
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

// look answers what the file tmp is and its virtual size in bytes.
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

// Clone copies an image of this datastore, or of one beside it, with its holes
// and, where the file system can share blocks, without copying them.
func (s *Store) Clone(ctx context.Context, ds drivers.Datastore, from drivers.Stored, img drivers.ImageSpec) (drivers.Stored, error) {
	if err := confineBeside(ds, from.Source); err != nil {
		return drivers.Stored{}, err
	}
	return s.make(ctx, ds, img.ID, func(tmp string) (drivers.Stored, error) {
		_, err := s.tool.Runner.Command(ctx, s.tool.Host, "cp", "--sparse=always", "--reflink=auto", "--", from.Source, tmp)
		return drivers.Stored{Format: from.Format, SizeMiB: from.SizeMiB}, err
	})
}
