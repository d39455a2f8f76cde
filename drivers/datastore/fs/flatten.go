package fs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
)

// FlattenBackups makes a full backup next to the increment and replaces it in two renames; a
// repeated call does the second one if only the first was done.
func (s *Store) FlattenBackups(ctx context.Context, ds drivers.Datastore, chain []drivers.BackupRef) (int64, error) {
	if len(chain) == 0 {
		return 0, errors.New("a chain of no backups cannot be flattened")
	}
	last := chain[len(chain)-1]
	place, err := backupDir(ds, last)
	if err != nil {
		return 0, err
	}
	if !exists(filepath.Join(place, fullMark)) {
		if err := s.makeFull(ctx, ds, chain, place); err != nil {
			return 0, fmt.Errorf("flattening backup %s of VM %d: %w", last.Name, last.VMID, err)
		}
	}
	if err := s.ForgetBackups(ctx, ds, chain[:len(chain)-1]); err != nil {
		return 0, err
	}
	if err := os.RemoveAll(place + replaced); err != nil {
		return 0, err
	}
	return folderMiB(place)
}

func (s *Store) makeFull(ctx context.Context, ds drivers.Datastore, chain []drivers.BackupRef, place string) error {
	flat := place + flatPart
	if exists(place) {
		if err := s.flatten(ctx, ds, chain, place, flat); err != nil {
			return err
		}
		if err := os.RemoveAll(place + replaced); err != nil {
			return err
		}
		if err := os.Rename(place, place+replaced); err != nil {
			return err
		}
	}
	return os.Rename(flat, place) // complete: the increment is deleted only then
}

// flatten fills the folder flat with full images of all disks of the last backup, which is in
// place.
func (s *Store) flatten(ctx context.Context, ds drivers.Datastore, chain []drivers.BackupRef, place, flat string) error {
	if err := os.RemoveAll(flat); err != nil {
		return err
	}
	if err := os.MkdirAll(flat, 0o700); err != nil {
		return err
	}
	disks, err := disksIn(place)
	if err != nil {
		return err
	}
	for _, id := range disks {
		if _, err := s.ExtractDisk(ctx, ds, chain, id, filepath.Join(flat, "disk."+strconv.Itoa(id))); err != nil {
			return err
		}
	}
	about, err := os.ReadFile(filepath.Join(place, aboutFile))
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(flat, aboutFile), about, 0o600),
		os.WriteFile(filepath.Join(flat, fullMark), nil, 0o600))
}

// ForgetBackups deletes the folders of backups, and the folder of a VM with its last backup.
func (s *Store) ForgetBackups(_ context.Context, ds drivers.Datastore, list []drivers.BackupRef) error {
	var errs []error
	for _, b := range list {
		place, err := backupDir(ds, b)
		if err != nil {
			return err
		}
		for _, suffix := range []string{"", unfinished, flatPart, replaced} {
			errs = append(errs, os.RemoveAll(place+suffix))
		}
		_ = os.Remove(filepath.Dir(place)) // fails if there are others
	}
	return errors.Join(errs...)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
