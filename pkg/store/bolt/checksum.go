package bolt

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// sumSize is the length of the checksum before each value.
const sumSize = 4

// appendSealed appends the value with a checksum (CRC-32C) of key and value before
// it: bbolt has none for its pages.
func appendSealed(dst, key, value []byte) []byte {
	return append(binary.BigEndian.AppendUint32(dst, sum(key, value)), value...)
}

// unseal answers the value, once its checksum is right.
func unseal(key, sealed []byte) ([]byte, error) {
	if len(sealed) < sumSize || binary.BigEndian.Uint32(sealed) != sum(key, sealed[sumSize:]) {
		return nil, fmt.Errorf("%w (wrong checksum of row %x)", ErrDamaged, key)
	}
	return sealed[sumSize:], nil
}

func sum(key, value []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli) // made once, by the standard library
	return crc32.Update(crc32.Update(0, table, key), table, value)
}
