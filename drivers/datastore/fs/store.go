package fs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
	"github.com/renkei-vpe/renkei/drivers/remote"
	"github.com/renkei-vpe/renkei/drivers/sparsefile"
)

// Config configures a Store.
type Config struct {
	Runner *remote.Runner
	HTTP   *http.Client // http.DefaultClient when nil
	// Restricted are folders of the front end's own files, which are never imported unless they
	// are in a datastore's SAFE_DIRS.
	Restricted []string
}

// Store is the datastore driver "fs". It has no state.
type Store struct {
	tool       qemuimg.Tool
	http       *http.Client
	restricted []string
}

var _ drivers.ImageStore = (*Store)(nil)

// New makes a Store.
func New(cfg Config) *Store {
	client := cfg.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	return &Store{
		tool:       qemuimg.Tool{Runner: cfg.Runner, Host: drivers.Host{Local: true}},
		http:       client,
		restricted: cfg.Restricted,
	}
}

// place is the path of an image. It only depends on IDs, which are never reused, so that a
// repeated call gets the same path.
func place(ds drivers.Datastore, imageID int) (string, error) {
	if !filepath.IsAbs(ds.Path) || filepath.Clean(ds.Path) == "/" {
		return "", fmt.Errorf("datastore %d has no folder for its images (BASE_PATH is %q)", ds.ID, ds.Path)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "datastore %d image %d", ds.ID, imageID))
	return filepath.Join(ds.Path, hex.EncodeToString(sum[:16])), nil
}

// Place implements drivers.ImageStore.
func (s *Store) Place(ds drivers.Datastore, imageID int) (string, error) { return place(ds, imageID) }

// unfinished is the suffix of an image's file until it is complete and checked.
const unfinished = ".new"

// make writes an image under a temporary name and renames it when write has succeeded. After a
// failure the file is deleted.
func (s *Store) make(ctx context.Context, ds drivers.Datastore, imageID int, write func(tmp string) (drivers.Stored, error)) (drivers.Stored, error) {
	path, err := place(ds, imageID)
	if err != nil {
		return drivers.Stored{}, err
	}
	if err := os.MkdirAll(ds.Path, 0o777); err != nil {
		return drivers.Stored{}, fmt.Errorf("making the folder of datastore %d: %w", ds.ID, err)
	}
	tmp := path + unfinished
	defer s.tool.Runner.Discard(ctx, s.tool.Host, tmp)
	if err := removeFile(tmp); err != nil {
		return drivers.Stored{}, err
	}
	img, err := write(tmp)
	if err == nil {
		err = s.publish(ctx, tmp, path)
	}
	if err != nil {
		return drivers.Stored{}, fmt.Errorf("image %d in datastore %d: %w", imageID, ds.ID, err)
	}
	img.Source = path
	return img, nil
}

func (s *Store) publish(ctx context.Context, tmp, path string) error {
	f, err := os.Open(tmp)
	if err != nil {
		return err
	}
	// The output of qemu-img may still be in the page cache only.
	if err := errors.Join(f.Sync(), f.Close(), ctx.Err()); err != nil {
		return err
	}
	return sparsefile.Publish(tmp, path)
}

// Remove deletes an image in the folder of ds, and never a file elsewhere.
func (s *Store) Remove(_ context.Context, ds drivers.Datastore, source string) error {
	if err := confine(ds, source); err != nil {
		return err
	}
	var errs []error
	for _, suffix := range []string{"", unfinished, unfinished + sparsefile.Part} {
		errs = append(errs, removeFile(source+suffix))
	}
	return errors.Join(errs...)
}

// confine checks that source is directly in the folder of ds.
func confine(ds drivers.Datastore, source string) error {
	dir, name := filepath.Split(source)
	if filepath.IsAbs(source) && filepath.Clean(dir) == filepath.Clean(ds.Path) && strings.Trim(name, ".") != "" {
		return nil
	}
	return fmt.Errorf("%q is no image of datastore %d: it is not in %s", source, ds.ID, ds.Path)
}

// confineBeside checks that source is in the folder of a datastore next to that of ds.
func confineBeside(ds drivers.Datastore, source string) error {
	all := filepath.Dir(filepath.Clean(ds.Path))
	if filepath.IsAbs(source) && filepath.Dir(filepath.Dir(filepath.Clean(source))) == all {
		return nil
	}
	return fmt.Errorf("%q is no image of a datastore in %s", source, all)
}

func removeFile(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
