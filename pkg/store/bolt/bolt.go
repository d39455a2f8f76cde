// Package bolt is the store's log on one bbolt file.
package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Version is the schema that this program writes.
const Version = 1

// Migration turns a file of schema n into schema n+1.
type Migration func(*bolt.Tx) error

// Log is an open file.
type Log struct{ db *bolt.DB }

var _ store.Log = (*Log)(nil)

var (
	metaBucket = []byte("renkei")
	versionKey = []byte("schema")
)

// ErrInUse says that another process has the file open.
var ErrInUse = errors.New("another renkei serves this data already")

// Open opens or creates the file at path. An older file is migrated after a
// copy of it was kept beside it (path.schemaN). A newer one is refused.
func Open(path string) (*Log, error) { return open(path, nil) }

func open(path string, migrations []Migration) (*Log, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{
		Timeout:      200 * time.Millisecond,
		FreelistType: bolt.FreelistMapType,
	})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("%s: %w", path, ErrInUse)
	}
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	l := &Log{db: db}
	if err := l.migrate(path, Version+len(migrations), migrations); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return l, nil
}

// migrate brings the file to schema want. The last migrations lead there, one
// schema each.
func (l *Log) migrate(path string, want int, migrations []Migration) error {
	have, err := l.schema(want)
	if err != nil || have == want {
		return err
	}
	if have > want {
		return fmt.Errorf("%s has schema %d, this renkei writes %d: use a newer renkei", path, have, want)
	}
	first := want - len(migrations)
	if have < first {
		return fmt.Errorf("%s has schema %d, too old for this renkei (from %d): open it once with an earlier release", path, have, first)
	}
	if err := keepCopy(path, have); err != nil {
		return err
	}
	return l.db.Update(func(tx *bolt.Tx) error {
		for n := have; n < want; n++ {
			if err := migrations[n-first](tx); err != nil {
				return fmt.Errorf("migrating %s from schema %d: %w", path, n, err)
			}
		}
		return putVersion(tx, want)
	})
}

// schema reads the file's version; a new file gets the wanted one.
func (l *Log) schema(want int) (have int, err error) {
	err = l.db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket(metaBucket)
		if b == nil {
			have = want
			return putVersion(tx, want)
		}
		v := b.Get(versionKey)
		if len(v) != 8 {
			return errors.New("this is not a file of renkei")
		}
		have = int(binary.BigEndian.Uint64(v))
		return nil
	})
	return have, err
}

func putVersion(tx *bolt.Tx, version int) error {
	b, err := tx.CreateBucketIfNotExists(metaBucket)
	if err != nil {
		return err
	}
	return b.Put(versionKey, binary.BigEndian.AppendUint64(nil, uint64(version)))
}

// keepCopy copies the file as it was before a migration.
func keepCopy(path string, version int) error {
	src, err := os.Open(path)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(fmt.Sprintf("%s.schema%d", path, version), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	return errors.Join(err, dst.Sync(), dst.Close())
}

// Load implements store.Log.
func (l *Log) Load(see func(table string, key, value []byte) error) error {
	return l.db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
			if string(name) == string(metaBucket) {
				return nil
			}
			return b.ForEach(func(k, v []byte) error { return see(string(name), k, v) })
		})
	})
}

// Append implements store.Log: one bbolt transaction, one sync.
func (l *Log) Append(batch []store.Write) error {
	return l.db.Update(func(tx *bolt.Tx) error {
		for _, w := range batch {
			if err := write(tx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

func write(tx *bolt.Tx, w store.Write) error {
	b, err := tx.CreateBucketIfNotExists([]byte(w.Table))
	if err != nil {
		return err
	}
	if w.Value == nil {
		return b.Delete(w.Key)
	}
	return b.Put(w.Key, w.Value)
}

// Close implements store.Log.
func (l *Log) Close() error { return l.db.Close() }
