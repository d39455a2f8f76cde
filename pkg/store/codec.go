package store

import (
	"math"

	"github.com/fxamacker/cbor/v2"
)

func encode(v any) ([]byte, error) { return encoding.Marshal(v) }

// encoding gives equal rows equal bytes: maps are sorted.
var encoding = mustEncMode(cbor.EncOptions{Sort: cbor.SortBytewiseLexical})

func mustEncMode(o cbor.EncOptions) cbor.EncMode {
	m, err := o.EncMode()
	if err != nil {
		panic(err)
	}
	return m
}

func decode(value []byte, v any) error { return decoding.Unmarshal(value, v) }

// decoding reads back whatever encode wrote. The limits and the check of text
// that protect others from strangers' bytes would here make a row that was
// accepted yesterday keep the server from starting today.
var decoding = mustDecMode(cbor.DecOptions{
	UTF8:             cbor.UTF8DecodeInvalid,
	MaxArrayElements: math.MaxInt32,
	MaxMapPairs:      math.MaxInt32,
	MaxNestedLevels:  1024,
})

func mustDecMode(o cbor.DecOptions) cbor.DecMode {
	m, err := o.DecMode()
	if err != nil {
		panic(err)
	}
	return m
}
