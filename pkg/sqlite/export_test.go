package sqlite

import (
	"maps"
	"slices"
)

// Tables lists the tables, by name in lower case.
func (db *DB) Tables() []string { return slices.Sorted(maps.Keys(db.tables)) }
