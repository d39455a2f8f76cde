package fs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
)

// Stat examines an image, and reads no more than its beginning if that is enough.
func (s *Store) Stat(ctx context.Context, ds drivers.Datastore, img drivers.ImageSpec) (drivers.Stored, error) {
	t, err := treat(ds, img)
	if err != nil {
		return drivers.Stored{}, err
	}
	if img.Path == "" {
		return statEmpty(img)
	}
	src, err := s.open(ctx, ds, img.Path)
	if err != nil {
		return drivers.Stored{}, err
	}
	st, err := t.stat(ctx, src)
	if err != nil {
		return drivers.Stored{}, errors.Join(fmt.Errorf("PATH %s: %w", img.Path, err), src.Close())
	}
	return st, src.Close()
}

func statEmpty(img drivers.ImageSpec) (drivers.Stored, error) {
	e := emptyDisk(img)
	return drivers.Stored{Format: e.Format, SizeMiB: e.SizeMiB}, e.Check()
}

func emptyDisk(img drivers.ImageSpec) qemuimg.Empty {
	e := qemuimg.Empty{SizeMiB: img.SizeMiB, Format: img.Format, FS: img.FS}
	if e.Format == "" {
		e.Format = qemuimg.Raw
	}
	return e
}

func (t treatment) stat(ctx context.Context, src source) (drivers.Stored, error) {
	var content io.Reader = &reading{ctx: ctx, r: src}
	packed := false
	if t.unpack {
		var err error
		if content, packed, err = unpack(content); err != nil {
			return drivers.Stored{}, err
		}
	}
	in := bufio.NewReaderSize(content, qemuimg.HeadBytes)
	beginning, err := in.Peek(qemuimg.HeadBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return drivers.Stored{}, err
	}
	head, err := t.probe(beginning)
	if err != nil {
		return drivers.Stored{}, err
	}
	if head.VirtualBytes == 0 {
		if head.VirtualBytes, err = rawBytes(in, src, packed); err != nil {
			return drivers.Stored{}, err
		}
	}
	return drivers.Stored{Format: t.result(head), SizeMiB: inMiB(head.VirtualBytes)}, nil
}

// rawBytes determines the size of a raw image, which has to be read to its end if it is
// compressed.
func rawBytes(content io.Reader, src source, packed bool) (int64, error) {
	switch {
	case !packed && src.bytes >= 0:
		return src.bytes, nil
	case src.local:
		return io.Copy(io.Discard, content)
	case packed:
		return 0, errors.New("the size of a compressed raw image cannot be told before it is downloaded: download and unpack it, or offer it as qcow2")
	default:
		return 0, errors.New("the server does not tell the size of this raw image: download it first, or offer it as qcow2")
	}
}

func inMiB(bytes int64) int64 { return (bytes + qemuimg.MiB - 1) / qemuimg.MiB }

// reading is a reader that counts bytes, reports progress, and ends with ctx.
type reading struct {
	ctx      context.Context //nolint:containedctx // a Reader's Read takes none
	r        io.Reader
	done     int64
	progress func(doneBytes int64)
}

func (r *reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.r.Read(p)
	r.done += int64(n)
	if r.progress != nil && n > 0 {
		r.progress(r.done)
	}
	return n, err
}
