package store

import (
	"bytes"
	"math"

	"github.com/fxamacker/cbor/v2"
)

func encode(v any) ([]byte, error) { return encoding.Marshal(v) }

// encoder encodes the rows of a batch into memory that is reused for the next batch.
type encoder struct{ room bytes.Buffer }

// mostRoom is how much memory is kept for the next batch.
const mostRoom = 1 << 20

// reset prepares for the next batch. Rows encoded before become invalid.
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

// encoding sorts maps, so that equal rows have equal bytes.
var encoding = mustEncMode(cbor.EncOptions{Sort: cbor.SortBytewiseLexical})

func mustEncMode(o cbor.EncOptions) cbor.UserBufferEncMode {
	m, err := o.UserBufferEncMode()
	if err != nil {
		panic(err)
	}
	return m
}

func decode(value []byte, v any) error { return decoding.Unmarshal(value, v) }

// decoding reads what encode wrote. It has none of the limits and UTF-8 checks that protect
// against untrusted input, because a row that was accepted once must not keep the server from
// starting.
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
