package store

import (
	"cmp"
	"encoding/binary"
)

// Key orders the rows of a table: first by A, then by B. Most tables use the
// object's ID as A alone.
type Key struct{ A, B int64 }

// ID is the key of an object.
func ID(id int) Key { return Key{A: int64(id)} }

// Pair is the key of a row that belongs to an object, such as (VM, sequence number).
func Pair(a, b int) Key { return Key{A: int64(a), B: int64(b)} }

// Less orders keys.
func (k Key) Less(o Key) bool { return k.A < o.A || k.A == o.A && k.B < o.B }

// Compare is the order of Less, for package slices.
func (k Key) Compare(o Key) int { return cmp.Or(cmp.Compare(k.A, o.A), cmp.Compare(k.B, o.B)) }

// keySize is the length of an encoded key.
const keySize = 16

// bytes encodes k so that the bytes sort like the keys. The sign bit is flipped because of
// negative IDs such as -1.
func (k Key) bytes() []byte {
	b := make([]byte, keySize)
	binary.BigEndian.PutUint64(b, uint64(k.A)^signBit)
	binary.BigEndian.PutUint64(b[8:], uint64(k.B)^signBit)
	return b
}

const signBit = 1 << 63

// keyOf decodes the result of bytes.
func keyOf(b []byte) (Key, bool) {
	if len(b) != keySize {
		return Key{}, false
	}
	return Key{
		A: int64(binary.BigEndian.Uint64(b) ^ signBit),
		B: int64(binary.BigEndian.Uint64(b[8:]) ^ signBit),
	}, true
}
