package store

// Snap is a snapshot of the whole store. It never changes.
type Snap struct {
	Rev    uint64 // number of published batches
	tables map[string]anyRows
}

func (s *Snap) rowsOf(table string) anyRows {
	rs, ok := s.tables[table]
	if !ok {
		panic(notOpened(table))
	}
	return rs
}

func (s *Snap) still(table string) anyRows { return s.rowsOf(table) }

func (s *Snap) left(anyRows) {}

func notOpened(table string) string { return "store: table " + table + " was not given to Open" }
