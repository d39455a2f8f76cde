package fs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
)

var _ drivers.Finder = (*Store)(nil)

// Find implements drivers.Finder: the file has to be in the folder of ds. A name that
// leads elsewhere is not followed.
func (s *Store) Find(_ context.Context, ds drivers.Datastore, source string) (found drivers.Stored, err error) {
	if err := confine(ds, source); err != nil {
		return found, err
	}
	info, err := os.Lstat(source)
	if err != nil {
		return found, fmt.Errorf("the file of the image is not there: %w", err)
	}
	if !info.Mode().IsRegular() {
		return found, fmt.Errorf("%s is no file", source)
	}
	f, err := os.Open(source)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	beginning := make([]byte, qemuimg.HeadBytes)
	n, err := io.ReadFull(f, beginning)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return found, fmt.Errorf("reading %s: %w", source, err)
	}
	head, err := qemuimg.Probe(beginning[:n])
	if err != nil {
		return found, err
	}
	size := head.VirtualBytes
	if head.Format == qemuimg.Raw {
		size = info.Size()
	}
	return drivers.Stored{Source: source, Format: head.Format, SizeMiB: inMiB(size)}, nil
}
