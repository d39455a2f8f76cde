package store

import (
	"fmt"
	"iter"
)

// Counters is the store's own table of the numbers that sequences gave last. It
// is part of every store; whoever copies rows copies these, too.
func Counters() AnyTable { return counters }

// Dumped is a row on its way out of a store, or into one. Val is a pointer to
// the table's type.
type Dumped struct {
	Key Key
	Val any
}

// Rows walks all rows of a table whose type is not known, in order.
func Rows(r Reader, t AnyTable) iter.Seq[Dumped] { return t.each(r) }

// Durable tells whether a table's rows outlive the process.
func Durable(t AnyTable) bool { return t.durable() }

// Blank is a new value of a table's type, to be filled.
func Blank(t AnyTable) any { return t.blank() }

// WriteOf makes a row ready for a Log.
func WriteOf(t AnyTable, d Dumped) (Write, error) {
	value, err := encode(d.Val)
	if err != nil {
		return Write{}, fmt.Errorf("table %s, key %v: %w", t.Name(), d.Key, err)
	}
	return Write{Table: t.Name(), Key: d.Key.bytes(), Value: value}, nil
}

// EncodeRow and DecodeRow are a row's value as the Log keeps it.
func EncodeRow(v any) ([]byte, error) { return encode(v) }

// DecodeRow is the reverse of EncodeRow; v is a pointer.
func DecodeRow(b []byte, v any) error { return decode(b, v) }

// LastNumber answers the number that a sequence gave last, or false when it
// gave none yet.
func LastNumber(r Reader, sequence string) (int, bool) {
	c, ok := countersByName.First(r, sequence)
	if !ok {
		return 0, false
	}
	return c.Last, true
}

// Skip makes a sequence go on behind a number.
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
