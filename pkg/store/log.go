package store

// Log makes transactions durable. It knows no types: rows are bytes to it.
type Log interface {
	// Load calls see for every row, in any order. The slices are valid
	// during the call only.
	Load(see func(table string, key, value []byte) error) error
	// Append makes all writes durable together or none of them.
	Append(batch []Write) error
	// Close releases what the log holds.
	Close() error
}

// Write is one changed row; a nil Value deletes it.
type Write struct {
	Table      string
	Key, Value []byte
}
