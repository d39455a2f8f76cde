// Package dummy simulates a datastore, with the answers of OpenNebula's dummy datastore driver,
// which clients and recordings expect.
package dummy

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/dummyaction"
)

// The answers of OpenNebula's dummy datastore driver (src/datastore_mad/remotes/dummy).
const (
	source        = "dummy_path"
	copiedFormat  = "dummy_format" // of a copied image
	statSizeMiB   = 1024
	totalMiB      = 20480
	usedMiB       = 9720
	freeMiB       = 20480
	defaultFormat = "raw"
)

// Store is the datastore driver "dummy". The actions are those of OpenNebula's
// datastore drivers, after ds_: ds_stat, ds_cp, ds_mkfs, ds_clone, ds_rm,
// ds_monitor.
type Store struct {
	dummyaction.Actions
	// Backups is the folder for descriptions of backups' VMs; if it is "", none are stored.
	Backups string
}

var _ drivers.ImageStore = (*Store)(nil)

// Stat answers the same size for all images.
func (s *Store) Stat(ctx context.Context, _ drivers.Datastore, img drivers.ImageSpec) (drivers.Stored, error) {
	return described(img), s.Play(ctx, "ds_stat")
}

func described(img drivers.ImageSpec) drivers.Stored {
	if img.Path == "" {
		return drivers.Stored{Format: cmp.Or(img.Format, defaultFormat), SizeMiB: img.SizeMiB}
	}
	return drivers.Stored{Format: copiedFormat, SizeMiB: statSizeMiB}
}

// Import stores nothing and answers the source that all images have.
func (s *Store) Import(ctx context.Context, _ drivers.Datastore, img drivers.ImageSpec, progress func(doneBytes int64)) (drivers.Stored, error) {
	action := "ds_cp"
	if img.Path == "" {
		action = "ds_mkfs"
	}
	if err := s.Play(ctx, action); err != nil {
		return drivers.Stored{}, err
	}
	st := described(img)
	st.Source = source
	if progress != nil {
		progress(st.SizeMiB << 20)
	}
	return st, nil
}

// Clone answers the image that it was given, with the source that all images have.
func (s *Store) Clone(ctx context.Context, _ drivers.Datastore, from drivers.Stored, _ drivers.ImageSpec) (drivers.Stored, error) {
	if err := s.Play(ctx, "ds_clone"); err != nil {
		return drivers.Stored{}, err
	}
	from.Source = source
	return from, nil
}

// Remove has nothing to remove.
func (s *Store) Remove(ctx context.Context, _ drivers.Datastore, _ string) error {
	return s.Play(ctx, "ds_rm")
}

// Capacity is constant. That of a system datastore is the one in OpenNebula's dummy transfer
// driver.
func (s *Store) Capacity(ctx context.Context, ds drivers.Datastore) (drivers.Usage, error) {
	if ds.Attrs.Get("TYPE") == "SYSTEM_DS" {
		return drivers.Usage{TotalMiB: 4796800, UsedMiB: 1429920, FreeMiB: 3333260}, s.Play(ctx, "ds_monitor")
	}
	return drivers.Usage{TotalMiB: totalMiB, UsedMiB: usedMiB, FreeMiB: freeMiB}, s.Play(ctx, "ds_monitor")
}

// Place implements drivers.ImageStore.
func (s *Store) Place(drivers.Datastore, int) (string, error) { return source, nil }

var _ drivers.ImageExporter = (*Store)(nil)

// Export gives a few bytes with the image's size, as there is no content.
func (s *Store) Export(ctx context.Context, _ drivers.Datastore, from drivers.Stored) (io.ReadCloser, drivers.Stored, error) {
	if err := s.Play(ctx, "ds_export"); err != nil {
		return nil, from, err
	}
	from.Format = cmp.Or(from.Format, defaultFormat)
	return io.NopCloser(strings.NewReader(fmt.Sprintf("a simulated image of %d MiB\n", from.SizeMiB))), from, nil
}
