// Package transfer stores the files of images while they are uploaded or downloaded in chunks
// of base64, of which only a few are in memory at a time.
package transfer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// Depot is the folder of files that are being uploaded.
type Depot struct {
	Dir   string // in the filesystem of the datastores, so that a file becomes an image by renaming it
	Chunk int    // bytes in one call
}

// ChunkSize is how many bytes of a file are in one call.
func (d *Depot) ChunkSize() int { return d.Chunk }

// Path is the path of a session's file. The server generates names.
func (d *Depot) Path(name string) string { return filepath.Join(d.Dir, filepath.Base(name)) }

// Create creates the file of a session.
func (d *Depot) Create(name string) error {
	if err := os.MkdirAll(d.Dir, 0o711); err != nil {
		return fmt.Errorf("making the folder of transfers: %w", err)
	}
	f, err := os.OpenFile(d.Path(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o660)
	if err != nil {
		return err
	}
	return f.Close()
}

// Append appends a chunk, in base64, to the file of a session, which will have size bytes in
// the end. Concurrent chunks are appended one after the other.
func (d *Depot) Append(name, chunk string, size int64) (err error) {
	f, err := os.OpenFile(d.Path(name), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }() // also releases the lock
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return err
	}
	before, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if err := decode(f, chunk, size-before); err != nil {
		return errors.Join(err, f.Truncate(before)) // the chunk may be sent again
	}
	return nil
}

// Size is the length of a file; false when there is none.
func (d *Depot) Size(path string) (int64, bool) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return 0, false
	}
	return info.Size(), true
}

// Read answers a chunk of a file in base64; nothing after its end.
func (d *Depot) Read(path string, offset int64) (text []byte, err error) {
	if offset < 0 {
		return nil, one.Errorf(one.CodeRPC, "Invalid offset: %d", offset)
	}
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	return encode(io.NewSectionReader(f, offset, int64(d.Chunk)), min(int64(d.Chunk), max(0, size-offset)))
}

// Head answers the first n bytes of a session's file.
func (d *Depot) Head(name string, n int) (head []byte, err error) {
	f, err := os.Open(d.Path(name))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head = make([]byte, n)
	read, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:read], err
}

// Move renames the file of a session to path, after syncing it.
func (d *Depot) Move(name, path string) error {
	from := d.Path(name)
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close(), os.MkdirAll(filepath.Dir(path), 0o777)); err != nil {
		return err
	}
	return os.Rename(from, path)
}

// Remove deletes a file. It is no error if it does not exist.
func (d *Depot) Remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
