package fs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/renkei-vpe/renkei/drivers"
)

// source is an image to import, open for reading.
type source struct {
	io.ReadCloser
	bytes int64 // -1 if unknown
	local bool
}

// openFor opens what an image is made from.
func (s *Store) openFor(ctx context.Context, ds drivers.Datastore, img drivers.ImageSpec) (source, error) {
	if img.Open == nil {
		return s.open(ctx, ds, img.Path)
	}
	content, err := img.Open(ctx)
	if err != nil {
		return source{}, fmt.Errorf("PATH %s: %w", img.Path, err)
	}
	return source{ReadCloser: content, bytes: content.Bytes}, nil
}

// open opens a file that the datastore allows, or a URL.
func (s *Store) open(ctx context.Context, ds drivers.Datastore, path string) (source, error) {
	switch {
	case strings.HasPrefix(path, "http://"), strings.HasPrefix(path, "https://"):
		return s.download(ctx, path)
	case strings.Contains(path, "://"):
		return source{}, fmt.Errorf("PATH %s: images come from files, http and https, not from this kind of URL", path)
	case !filepath.IsAbs(path):
		return source{}, fmt.Errorf("PATH %s: give the whole path of the file, beginning with /", path)
	}
	return s.openFile(ds, filepath.Clean(path))
}

func (s *Store) openFile(ds drivers.Datastore, path string) (source, error) {
	dirs := s.dirsOf(ds)
	if err := dirs.check(path); err != nil {
		return source{}, err
	}
	// O_NONBLOCK: opening a FIFO must not block.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return source{}, fmt.Errorf("cannot access '%s' (%s)", path, reason(err))
	}
	size, err := inspect(f, dirs)
	if err != nil {
		return source{}, errors.Join(fmt.Errorf("PATH %s: %w", path, err), f.Close())
	}
	return source{ReadCloser: f, bytes: size, local: true}, nil
}

// inspect checks the file that was opened, after following links.
func inspect(f *os.File, dirs allowed) (int64, error) {
	real, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
	if err != nil {
		return 0, err
	}
	if err := dirs.check(real); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		return 0, err
	case !info.Mode().IsRegular():
		return 0, errors.New("is not a regular file")
	case info.Size() == 0:
		return 0, errors.New("is an empty file")
	}
	return info.Size(), nil
}

// reason is the system's error without the path, which the caller adds.
func reason(err error) string {
	var number syscall.Errno
	if !errors.As(err, &number) {
		return err.Error()
	}
	text := number.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}

func (s *Store) download(ctx context.Context, url string) (source, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return source{}, fmt.Errorf("PATH %s: %w", url, err)
	}
	// No compressed transfer encoding: MD5 and SHA1 are those of the file.
	req.Header.Set("Accept-Encoding", "identity")
	resp, err := s.http.Do(req)
	if err != nil {
		return source{}, fmt.Errorf("PATH %s: %w", url, err)
	}
	if resp.StatusCode != http.StatusOK {
		return source{}, errors.Join(fmt.Errorf("PATH %s: the server answers %s", url, resp.Status), resp.Body.Close())
	}
	return source{ReadCloser: resp.Body, bytes: resp.ContentLength}, nil
}
