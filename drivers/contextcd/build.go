package contextcd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/diskfs/go-diskfs/backend/file"
	"github.com/diskfs/go-diskfs/filesystem/iso9660"

	"github.com/renkei-vpe/renkei/drivers"
)

// Label is the volume label by which guests find the CD.
const Label = "CONTEXT"

// Limits of a CD, as the tools of guests copy all of it into memory.
const (
	maxBytes     = 64 << 20 // all files together
	maxFiles     = 1000
	maxNameBytes = 200
)

// blockBytes is the sector of a CD.
const blockBytes = 2048

// Build writes a CD with the given files to a new file at path, which must not
// be there yet.
func Build(path string, files []drivers.File) (err error) {
	dir, err := os.MkdirTemp("", "renkei-context-")
	if err != nil {
		return fmt.Errorf("making a context CD: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := gather(dir, files); err != nil {
		return fmt.Errorf("making a context CD: %w", err)
	}
	if err := burn(path, dir); err != nil {
		return fmt.Errorf("making a context CD: %w", errors.Join(err, remove(path)))
	}
	return nil
}

// remove succeeds if path does not exist.
func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// gather puts the files of a CD into dir.
func gather(dir string, files []drivers.File) error {
	if len(files) > maxFiles {
		return fmt.Errorf("%d files are more than the %d that fit", len(files), maxFiles)
	}
	left := int64(maxBytes)
	for _, f := range files {
		if err := checkName(f.Name); err != nil {
			return err
		}
		n, err := place(filepath.Join(dir, f.Name), f, left)
		if err != nil {
			return fmt.Errorf("file %s: %w", f.Name, err)
		}
		left -= n
	}
	return settle(dir)
}

func checkName(name string) error {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00\n") {
		return fmt.Errorf("%q cannot be the name of a file on the CD: use one without folders", name)
	}
	if len(name) > maxNameBytes {
		return fmt.Errorf("the file name %q is longer than %d bytes", name, maxNameBytes)
	}
	return nil
}

// place writes one file, of at most left bytes. Executable files stay executable.
func place(path string, f drivers.File, left int64) (int64, error) {
	var content io.Reader = strings.NewReader(string(f.Data))
	mode := os.FileMode(0o644)
	if f.Path != "" {
		from, err := os.Open(f.Path)
		if err != nil {
			return 0, err
		}
		defer from.Close()
		info, err := from.Stat()
		if err != nil {
			return 0, err
		}
		content, mode = from, mode|info.Mode()&0o111
	}
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return 0, errors.New("two files have this name: rename one of them")
	}
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(to, io.LimitReader(content, left+1))
	if n > left {
		err = fmt.Errorf("the files take more than the %d MiB of a context CD", maxBytes>>20)
	}
	return n, errors.Join(err, to.Chmod(mode), to.Close())
}

// burn makes an ISO image of dir.
func burn(path, dir string) (err error) {
	image, err := file.CreateFromPath(path, int64(maxBytes+maxFiles*2*blockBytes))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, image.Close()) }()
	cd, err := iso9660.Create(image, 0, 0, blockBytes, dir)
	if err != nil {
		return err
	}
	if err := cd.Finalize(iso9660.FinalizeOptions{RockRidge: true, Joliet: true, VolumeIdentifier: Label}); err != nil {
		return err
	}
	f, err := image.Sys()
	if err != nil {
		return err
	}
	return finish(f)
}

// epoch is the date of everything on a CD, so that equal files give equal images.
var epoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// settle gives everything in dir that date.
func settle(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		err = errors.Join(err, os.Chtimes(filepath.Join(dir, e.Name()), epoch, epoch))
	}
	return errors.Join(err, os.Chmod(dir, 0o755), os.Chtimes(dir, epoch, epoch))
}
