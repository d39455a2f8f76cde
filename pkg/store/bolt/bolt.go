// Package bolt is the store's log on one bbolt file. What bbolt leaves to the
// file system it checks itself: each row carries a checksum, and a damaged file
// is an error that says so, never a crash.
package bolt

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Log is an open file.
type Log struct {
	db     *bolt.DB
	broken error // why nothing more is written

	commits int  // see forgetEvery
	room    room // of Append
}

var _ store.Log = (*Log)(nil)

// ErrInUse says that another process has the file open.
var ErrInUse = errors.New("another renkei serves this data already")

// ErrDamaged says that the file is not as this package writes it.
var ErrDamaged = errors.New("the file is damaged, or none of renkei's: put back a copy of it")

// patience is how long another process may take to let go of the file: one that
// is being stopped, say.
const patience = 200 * time.Millisecond

// Open opens or creates the file at path. An older file is migrated after a
// copy of it was kept beside it (path.schemaN). A newer one is refused.
func Open(path string) (*Log, error) { return open(path, nil) }

func open(path string, migrations []Migration) (*Log, error) {
	l := &Log{}
	err := guard(func() (err error) {
		if l.db, err = bolt.Open(path, 0o600, &bolt.Options{Timeout: patience, FreelistType: bolt.FreelistMapType}); err != nil {
			return meaning(err)
		}
		return l.migrate(path, Version+len(migrations), migrations)
	})
	if err == nil {
		return l, nil
	}
	err = fmt.Errorf("opening %s: %w", path, err)
	if l.db != nil {
		err = errors.Join(err, l.db.Close())
	}
	return nil, err
}

// meaning says in our words why bbolt does not open a file.
func meaning(err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrInUse
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return err
}

// guard turns into an error what bbolt does when it trips over a damaged file:
// it panics, or reads memory that the file has no page for.
func guard(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w (%v)", ErrDamaged, p)
		}
	}()
	return do()
}

// Close implements store.Log.
func (l *Log) Close() error { return l.db.Close() }
