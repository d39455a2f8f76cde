// Package folder is the market driver "http" and "file". It stores the apps of a marketplace in a
// directory of the front end (PUBLIC_DIR). With BASE_URL, as with OpenNebula's driver "http", a web
// server serves this directory and datastores download apps from there. Without it, datastores read
// the files, which SAFE_DIRS has to allow.
package folder

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/sparsefile"
)

// Store is the market driver. It holds no state.
type Store struct{}

var _ drivers.AppStore = Store{}

// place returns the path of an app's file and the SOURCE of the app. The name of the file depends
// only on the IDs of the marketplace and the app, which are never reused.
func place(m drivers.Market, appID int) (path, source string, err error) {
	dir, err := publicDir(m)
	if err != nil {
		return "", "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "marketplace %d app %d", m.ID, appID))
	name := hex.EncodeToString(sum[:16])
	path = filepath.Join(dir, name)
	if base := m.Attrs.Get("BASE_URL"); base != "" {
		return path, strings.TrimRight(base, "/") + "/" + name, nil
	}
	return path, path, nil
}

// publicDir returns PUBLIC_DIR, or an error if it is not an absolute path or the root directory.
func publicDir(m drivers.Market) (string, error) {
	dir := filepath.Clean(m.Attrs.Get("PUBLIC_DIR"))
	if !filepath.IsAbs(dir) || dir == "/" {
		return "", fmt.Errorf("marketplace %d: PUBLIC_DIR is %q: give the whole path of a folder", m.ID, m.Attrs.Get("PUBLIC_DIR"))
	}
	return dir, nil
}

// Import implements drivers.AppStore. It computes the MD5 while it copies content.
func (Store) Import(ctx context.Context, m drivers.Market, app drivers.AppSpec, content io.Reader) (drivers.MarketFile, error) {
	path, source, err := place(m, app.ID)
	if err != nil {
		return drivers.MarketFile{}, err
	}
	sum := md5.New()
	if _, err := sparsefile.Write(path, io.TeeReader(ctxReader{ctx, content}, sum)); err != nil {
		return drivers.MarketFile{}, fmt.Errorf("writing app %d to marketplace %d: %w", app.ID, m.ID, err)
	}
	return drivers.MarketFile{Source: source, MD5: hex.EncodeToString(sum.Sum(nil)), Format: app.Format, SizeMiB: app.SizeMiB}, nil
}

// ctxReader is a Reader that fails once ctx has ended.
type ctxReader struct {
	ctx context.Context //nolint:containedctx // a Reader's Read takes none
	io.Reader
}

func (r ctxReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// Delete implements drivers.AppStore. It only uses the name of the file in source, because
// PUBLIC_DIR or BASE_URL may have changed since the app was imported.
func (Store) Delete(_ context.Context, m drivers.Market, app drivers.AppSpec, source string) error {
	path, _, err := place(m, app.ID)
	if err != nil {
		return err
	}
	if source != "" {
		name := source[strings.LastIndexByte(source, '/')+1:]
		if strings.Trim(name, ".") == "" {
			return fmt.Errorf("%q names no file of marketplace %d", source, m.ID)
		}
		path = filepath.Join(filepath.Dir(path), name)
	}
	return errors.Join(remove(path), remove(path+sparsefile.Part))
}

// remove deletes a file if it exists.
func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Look implements drivers.Marketplace. It returns the capacity of the file system of PUBLIC_DIR.
func (Store) Look(_ context.Context, m drivers.Market) (drivers.MarketReport, error) {
	dir, err := publicDir(m)
	if err != nil {
		return drivers.MarketReport{}, err
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return drivers.MarketReport{}, fmt.Errorf("measuring %s of marketplace %d: %w", dir, m.ID, err)
	}
	mib := func(blocks uint64) int64 { return int64(blocks * uint64(fs.Bsize) >> 20) }
	total, used := mib(fs.Blocks), mib(fs.Blocks-fs.Bfree)
	return drivers.MarketReport{Usage: drivers.Usage{TotalMiB: total, UsedMiB: used, FreeMiB: total - used}}, nil
}
