package bolt

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// sumSize is the length of the checksum before each value.
const sumSize = 4

// seal puts a checksum (CRC-32C) of key and value before the value: bbolt has
// none for its pages.
func seal(key, value []byte) []byte {
	b := make([]byte, sumSize, sumSize+len(value))
	binary.BigEndian.PutUint32(b, sum(key, value))
	return append(b, value...)
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
