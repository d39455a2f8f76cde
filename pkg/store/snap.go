package store

// Snap is the whole store at one moment. It never changes.
type Snap struct {
	Rev    uint64 // counts published batches
	tables map[string]anyRows
}

func (s *Snap) rowsOf(table string) anyRows {
	rs, ok := s.tables[table]
	if !ok {
		panic("store: table " + table + " was not given to Open")
	}
	return rs
}
