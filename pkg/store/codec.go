package store

import (
	"bytes"
	"math"

	"github.com/fxamacker/cbor/v2"
)

func encode(v any) ([]byte, error) { return encoding.Marshal(v) }

// encoder encodes the rows of a batch one behind the other, into memory that the
// next batch uses again.
type encoder struct{ room bytes.Buffer }

// mostRoom is how much memory is kept between two batches.
const mostRoom = 1 << 20

// reset makes room for a batch. What was encoded before is no longer good.
func (e *encoder) reset() {
	if e.room.Reset(); e.room.Cap() > mostRoom {
		e.room = bytes.Buffer{}
	}
}

func (e *encoder) encode(v any) ([]byte, error) {
	from := e.room.Len()
	if err := encoding.MarshalToBuffer(v, &e.room); err != nil {
		return nil, err
	}
	b := e.room.Bytes()
	return b[from:len(b):len(b)], nil
}

// encoding gives equal rows equal bytes: maps are sorted.
var encoding = mustEncMode(cbor.EncOptions{Sort: cbor.SortBytewiseLexical})

func mustEncMode(o cbor.EncOptions) cbor.UserBufferEncMode {
	m, err := o.UserBufferEncMode()
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
