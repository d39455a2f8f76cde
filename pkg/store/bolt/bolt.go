// Package bolt implements store.Log with a bbolt file. It adds what bbolt does not check: rows
// have checksums, and a damaged file leads to a clear error, not a crash.
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
	broken error // if set, nothing more is written

	commits int  // see forgetEvery
	room    room // for Append
}

var _ store.Log = (*Log)(nil)

// ErrInUse says that another process has opened the file.
var ErrInUse = errors.New("another renkei serves this data already")

// ErrDamaged says that the file was not written by this package, or is damaged.
var ErrDamaged = errors.New("the file is damaged, or none of renkei's: put back a copy of it")

// patience is how long to wait for another process to close the file, which may be about to
// end.
const patience = 200 * time.Millisecond

// Open opens or creates the file at path. A file of an older schema is migrated, after a copy
// of it was made (path.schemaN). A newer one is refused.
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

// meaning turns bbolt's errors about opening a file into clearer ones.
func meaning(err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrInUse
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return err
}

// guard turns what happens in bbolt with a damaged file into an error: it panics, or accesses
// memory outside of the file.
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
