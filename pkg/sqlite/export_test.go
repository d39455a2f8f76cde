package sqlite

import (
	"maps"
	"slices"
)

// Tables lists the tables, by name in small letters.
func (db *DB) Tables() []string { return slices.Sorted(maps.Keys(db.tables)) }
