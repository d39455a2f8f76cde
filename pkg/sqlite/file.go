package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// DB is a database, completely in memory: those to import are small.
type DB struct {
	data     []byte
	pageSize int
	usable   int // usable bytes of a page
	tables   map[string]table
}

const (
	magic      = "SQLite format 3\x00"
	headerSize = 100
	utf8       = 1 // text encoding
)

// Open reads a database file. One that is being written, or whose writer was killed, is
// refused, as the data in its journal would be missing.
func Open(path string) (*DB, error) {
	for _, suffix := range []string{"-wal", "-journal"} {
		if info, err := os.Stat(path + suffix); err == nil && info.Size() > 0 {
			return nil, fmt.Errorf("%s%s is not empty: stop what writes to the database, and open it once with sqlite3", path, suffix)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	db, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return db, nil
}

func parse(data []byte) (*DB, error) {
	if len(data) < headerSize || string(data[:len(magic)]) != magic {
		return nil, errors.New("this is no SQLite database")
	}
	db := &DB{data: data, pageSize: int(binary.BigEndian.Uint16(data[16:]))}
	if db.pageSize == 1 {
		db.pageSize = 65536
	}
	db.usable = db.pageSize - int(data[20])
	encoding := binary.BigEndian.Uint32(data[56:])
	switch {
	case db.pageSize < 512 || db.pageSize&(db.pageSize-1) != 0 || db.usable < 480:
		return nil, errors.New("its header is damaged")
	case encoding != utf8 && encoding != 0:
		return nil, errors.New("its text is not UTF-8")
	}
	return db, db.readSchema()
}

var errDamaged = errors.New("the database is damaged")

// page answers a page; numbers begin at 1.
func (db *DB) page(n uint32) ([]byte, error) {
	from := (int64(n) - 1) * int64(db.pageSize)
	if n == 0 || from+int64(db.pageSize) > int64(len(db.data)) {
		return nil, errDamaged
	}
	return db.data[from : from+int64(db.pageSize)], nil
}
