package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"
)

// Version is the schema version that this program writes.
const Version = 1

// Migration migrates a file from one schema version to the next.
type Migration func(*bolt.Tx) error

// metaBucket is the bucket for the schema version.
const metaBucket = "renkei"

const versionKey = "schema"

// migrate migrates the file to the schema version want. The last of migrations leads to it.
func (l *Log) migrate(path string, want int, migrations []Migration) error {
	have, err := l.schema(want)
	if err != nil || have == want {
		return err
	}
	if have > want {
		return fmt.Errorf("it has schema %d, this renkei writes %d: use a newer renkei", have, want)
	}
	first := want - len(migrations)
	if have < first {
		return fmt.Errorf("it has schema %d, too old for this renkei (from %d): open it once with an earlier release", have, first)
	}
	if err := keepCopy(path, have); err != nil {
		return fmt.Errorf("keeping a copy before the migration: %w", err)
	}
	return l.db.Update(func(tx *bolt.Tx) error {
		for n := have; n < want; n++ {
			if err := migrations[n-first](tx); err != nil {
				return fmt.Errorf("migrating from schema %d: %w", n, err)
			}
		}
		return putVersion(tx, want)
	})
}

// schema reads the file's schema version; in a new file, it sets the wanted one.
func (l *Log) schema(want int) (have int, err error) {
	fresh := false
	err = l.db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(metaBucket))
		if b == nil {
			first, _ := tx.Cursor().First()
			if first != nil {
				return fmt.Errorf("%w (a bbolt file of another program)", ErrDamaged)
			}
			fresh = true
			return nil
		}
		v := b.Get([]byte(versionKey))
		if len(v) != 8 {
			return fmt.Errorf("%w (no schema)", ErrDamaged)
		}
		have = int(binary.BigEndian.Uint64(v))
		return nil
	})
	if fresh {
		return want, l.db.Update(func(tx *bolt.Tx) error { return putVersion(tx, want) })
	}
	return have, err
}

func putVersion(tx *bolt.Tx, version int) error {
	b, err := tx.CreateBucketIfNotExists([]byte(metaBucket))
	if err != nil {
		return err
	}
	return b.Put([]byte(versionKey), binary.BigEndian.AppendUint64(nil, uint64(version)))
}

// keepCopy copies the file before a migration.
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
