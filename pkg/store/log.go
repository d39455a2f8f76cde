package store

import "iter"

// Log makes transactions durable. It stores rows as bytes.
type Log interface {
	// Load calls see for every table that has rows, with its keys and values in any order. The
	// slices are valid only during the call.
	Load(see func(table string, rows iter.Seq2[[]byte, []byte]) error) error
	// Append makes either all writes durable or none. It must not retain their slices.
	Append(batch []Write) error
	// Close releases what the log holds.
	Close() error
}

// Write is one changed row; a nil Value deletes it.
type Write struct {
	Table      string
	Key, Value []byte
}
