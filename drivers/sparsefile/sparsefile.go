// Package sparsefile writes big files so that they are whole or not there at
// all: under a temporary name, with holes where there are only zeros, on the
// disk before they get their own name.
package sparsefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Part is what the name of a half-written file ends with. A file of that name
// is of no use to anybody but the next call, which writes it anew.
const Part = ".part"

// block is the grain of holes: a block of zeros is not written.
const block = 64 << 10

// Write makes path hold what r gives and answers its length in bytes. An error
// leaves path as it was, and nothing beside it.
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

// readBlock is io.ReadFull, except that it passes errors on as they are: a
// reader that was cut short says io.ErrUnexpectedEOF, and that is no end.
func readBlock(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var got int
		got, err = r.Read(buf[n:])
		n += got
	}
	return n, err
}

// Publish gives tmp, which is complete and on the disk, its own name.
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
