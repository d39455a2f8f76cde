package bolt

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// sumSize is the length of the checksum that precedes each value.
const sumSize = 4

// appendSealed appends a checksum (CRC-32C) of key and value, and the value. bbolt has no
// checksums for its data pages.
func appendSealed(dst, key, value []byte) []byte {
	return append(binary.BigEndian.AppendUint32(dst, sum(key, value)), value...)
}

// unseal checks the checksum and returns the value.
func unseal(key, sealed []byte) ([]byte, error) {
	if len(sealed) < sumSize || binary.BigEndian.Uint32(sealed) != sum(key, sealed[sumSize:]) {
		return nil, fmt.Errorf("%w (wrong checksum of row %x)", ErrDamaged, key)
	}
	return sealed[sumSize:], nil
}

func sum(key, value []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli) // cached by the standard library
	return crc32.Update(crc32.Update(0, table, key), table, value)
}
