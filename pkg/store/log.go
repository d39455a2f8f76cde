package store

import "iter"

// Log makes transactions durable. It knows no types: rows are bytes to it.
type Log interface {
	// Load calls see once for every table that has rows, with its keys and
	// values in any order. The slices are valid during the call only.
	Load(see func(table string, rows iter.Seq2[[]byte, []byte]) error) error
	// Append makes all writes durable together or none of them. It keeps none of
	// their slices.
	Append(batch []Write) error
	// Close releases what the log holds.
	Close() error
}

// Write is one changed row; a nil Value deletes it.
type Write struct {
	Table      string
	Key, Value []byte
}
