package store

import (
	"fmt"
	"iter"
)

// Counters is the table of the last numbers of sequences. Every store has it; whoever copies a
// store must copy it, too.
func Counters() AnyTable { return counters }

// Dumped is a row that is exported or imported. Val is a pointer to the table's type.
type Dumped struct {
	Key Key
	Val any
}

// Rows walks all rows of a table of any type, in order.
func Rows(r Reader, t AnyTable) iter.Seq[Dumped] { return t.each(r) }

// Durable reports whether a table is stored in the log.
func Durable(t AnyTable) bool { return t.durable() }

// Blank is a new value of a table's type.
func Blank(t AnyTable) any { return t.blank() }

// WriteOf encodes a row for a Log.
func WriteOf(t AnyTable, d Dumped) (Write, error) {
	value, err := encode(d.Val)
	if err != nil {
		return Write{}, fmt.Errorf("table %s, key %v: %w", t.Name(), d.Key, err)
	}
	return Write{Table: t.Name(), Key: d.Key.bytes(), Value: value}, nil
}

// EncodeRow encodes a row's value as it is stored in the log.
func EncodeRow(v any) ([]byte, error) { return encode(v) }

// DecodeRow is the reverse of EncodeRow; v is a pointer.
func DecodeRow(b []byte, v any) error { return decode(b, v) }

// LastNumber returns the last number of a sequence, or false if it has none yet.
func LastNumber(r Reader, sequence string) (int, bool) {
	c, ok := countersByName.First(r, sequence)
	if !ok {
		return 0, false
	}
	return c.Last, true
}

// Skip makes a sequence continue after a number.
func (tx *Tx) Skip(sequence string, number int) {
	if last, ok := LastNumber(tx, sequence); !ok || last < number {
		tx.Next(sequence, number)
	}
}

func (t *Table[T]) each(r Reader) iter.Seq[Dumped] {
	return func(yield func(Dumped) bool) {
		for row := range t.All(r) {
			if !yield(Dumped{row.Key, row.Val}) {
				return
			}
		}
	}
}

func (t *Table[T]) blank() any { return new(T) }
