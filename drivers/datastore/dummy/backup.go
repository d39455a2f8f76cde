package dummy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/renkei-vpe/renkei/drivers"
)

var _ drivers.BackupStore = (*Store)(nil)

// Backups are the actions ds_backup, ds_restore, ds_increment_flatten and ds_rm. Only the
// description of a backup's VM is stored.
const backupMiB = 1024

// KeepBackup notes that there is a backup, and answers a size.
func (s *Store) KeepBackup(ctx context.Context, ds drivers.Datastore, b drivers.BackupRef, _ drivers.Host, _ string, about []byte) (int64, error) {
	if err := s.Play(ctx, "ds_backup"); err != nil || s.Backups == "" {
		return backupMiB, err
	}
	if err := os.MkdirAll(s.Backups, 0o755); err != nil {
		return 0, err
	}
	return backupMiB, os.WriteFile(s.note(ds, b), about, 0o600)
}

func (s *Store) note(ds drivers.Datastore, b drivers.BackupRef) string {
	return filepath.Join(s.Backups, fmt.Sprintf("%d-%d-%s", ds.ID, b.VMID, filepath.Base(b.Name)))
}

// AboutBackup reads the note.
func (s *Store) AboutBackup(ctx context.Context, ds drivers.Datastore, b drivers.BackupRef) ([]byte, error) {
	if err := s.Play(ctx, "ds_restore"); err != nil {
		return nil, err
	}
	if s.Backups == "" {
		return nil, errors.New("this dummy datastore keeps no backups")
	}
	return os.ReadFile(s.note(ds, b))
}

// ExtractDisk answers the one source that all images have.
func (s *Store) ExtractDisk(ctx context.Context, _ drivers.Datastore, _ []drivers.BackupRef, _ int, _ string) (drivers.Stored, error) {
	return drivers.Stored{Source: source, Format: defaultFormat}, s.Play(ctx, "ds_restore")
}

// FlattenBackups forgets all but the last.
func (s *Store) FlattenBackups(ctx context.Context, ds drivers.Datastore, chain []drivers.BackupRef) (int64, error) {
	if err := s.Play(ctx, "ds_increment_flatten"); err != nil || len(chain) == 0 {
		return 0, err
	}
	return backupMiB, s.forget(ds, chain[:len(chain)-1])
}

// ForgetBackups removes the notes.
func (s *Store) ForgetBackups(ctx context.Context, ds drivers.Datastore, list []drivers.BackupRef) error {
	if err := s.Play(ctx, "ds_rm"); err != nil {
		return err
	}
	return s.forget(ds, list)
}

func (s *Store) forget(ds drivers.Datastore, list []drivers.BackupRef) error {
	if s.Backups == "" {
		return nil
	}
	var errs []error
	for _, b := range list {
		if err := os.Remove(s.note(ds, b)); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
