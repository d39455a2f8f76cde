// Package sparsefile writes big files atomically and sparsely: under a temporary name, without
// blocks of zeros, and synced before they are renamed.
package sparsefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Part is the suffix of incomplete files. They are overwritten by the next call.
const Part = ".part"

// block is the size of holes: blocks of zeros are not written.
const block = 64 << 10

// Write writes the content of r to path and answers its length in bytes. After an error path is
// unchanged, and no temporary file is left.
func Write(path string, r io.Reader) (n int64, err error) {
	tmp := path + Part
	if err := os.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return 0, err
	}
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp))
		}
	}()
	if n, err = fill(f, r); err != nil {
		return 0, errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return 0, err
	}
	return n, Publish(tmp, path)
}

func fill(f *os.File, r io.Reader) (int64, error) {
	n, err := copySparse(f, r)
	if err != nil {
		return 0, err
	}
	if err := f.Truncate(n); err != nil {
		return 0, fmt.Errorf("sizing %s: %w", f.Name(), err)
	}
	return n, f.Sync()
}

func copySparse(f *os.File, r io.Reader) (n int64, err error) {
	buf, zeros := make([]byte, block), make([]byte, block)
	for err == nil {
		var got int
		got, err = readBlock(r, buf)
		if !bytes.Equal(buf[:got], zeros[:got]) {
			if _, err := f.WriteAt(buf[:got], n); err != nil {
				return n, err
			}
		}
		n += int64(got)
	}
	if err == io.EOF {
		return n, nil
	}
	return n, err
}

// readBlock is io.ReadFull, except that it passes errors on: io.ErrUnexpectedEOF of a truncated
// reader is an error, not the end.
func readBlock(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var got int
		got, err = r.Read(buf[n:])
		n += got
	}
	return n, err
}

// Publish renames tmp, which is complete and synced, to path.
func Publish(tmp, path string) error {
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
