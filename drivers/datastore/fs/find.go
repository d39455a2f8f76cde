package fs

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
)

var _ drivers.Finder = (*Store)(nil)

// Find implements drivers.Finder: the file has to be in the folder of ds. Symbolic links are
// refused.
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
	return Look(source)
}

// Look examines the beginning of an image's file like Find, but in any folder and through
// links, as the administrator names it.
func Look(path string) (found drivers.Stored, err error) {
	f, err := os.Open(path)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head, err := treatment{}.probeFile(f)
	if err != nil {
		return found, err
	}
	size, err := virtualSize(f, head)
	if err == nil && size == 0 {
		err = fmt.Errorf("%s is an empty file", path)
	}
	return drivers.Stored{Source: path, Format: head.Format, SizeMiB: inMiB(size)}, err
}

// virtualSize is the size of the disk that a guest sees; that of a raw image is the file's.
func virtualSize(f *os.File, head qemuimg.Head) (int64, error) {
	if head.Format != qemuimg.Raw {
		return head.VirtualBytes, nil
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
