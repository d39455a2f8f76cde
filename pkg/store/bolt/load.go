package bolt

import (
	"fmt"
	"iter"

	bolt "go.etcd.io/bbolt"
)

// row is a stored row. Its memory belongs to the mapped file.
type row struct{ key, value []byte }

// Load implements store.Log.
func (l *Log) Load(see func(table string, rows iter.Seq2[[]byte, []byte]) error) error {
	defer l.forget()
	return l.db.View(func(tx *bolt.Tx) error {
		names, err := tables(tx)
		if err != nil {
			return err
		}
		for _, name := range names {
			rows, err := read(tx, name)
			if err != nil {
				return fmt.Errorf("table %s: %w", name, err)
			}
			if err := see(name, each(rows)); err != nil {
				return err
			}
		}
		return nil
	})
}

// tables lists the buckets with tables.
func tables(tx *bolt.Tx) (names []string, err error) {
	err = guard(func() error {
		return tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
			if string(name) != metaBucket {
				names = append(names, string(name))
			}
			return nil
		})
	})
	return names, err
}

// read checks every row, and thereby reads all bytes before they are passed on.
func read(tx *bolt.Tx, table string) (rows []row, err error) {
	err = guard(func() error {
		return tx.Bucket([]byte(table)).ForEach(func(k, sealed []byte) error {
			value, err := unseal(k, sealed)
			rows = append(rows, row{k, value})
			return err
		})
	})
	return rows, err
}

func each(rows []row) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		for _, r := range rows {
			if !yield(r.key, r.value) {
				return
			}
		}
	}
}
