package attr

import (
	"encoding/binary"
	"errors"
	"math"
)

// A template is stored as a flat CBOR array: a name, then a byte string for a single attribute
// or an array of keys and values for a vector, then the next name, and so on. The code is
// written by hand because all templates are read when the store is opened, and because values
// can have any bytes, which CBOR's text strings do not allow.

const (
	cborBytes = 2 << 5
	cborArray = 4 << 5
)

var errCBOR = errors.New("attr: the stored bytes are not those of a template")

// MarshalCBOR encodes the template for the store.
func (t Template) MarshalCBOR() ([]byte, error) {
	b := appendHead(make([]byte, 0, t.sizeCBOR()), cborArray, 2*len(t))
	for i := range t {
		a := &t[i]
		b = appendBytes(b, a.Name)
		if !a.IsVector {
			b = appendBytes(b, a.Value)
			continue
		}
		b = appendHead(b, cborArray, 2*len(a.Vector))
		for _, p := range a.Vector {
			b = appendBytes(appendBytes(b, p.Key), p.Value)
		}
	}
	return b, nil
}

// sizeCBOR is the length of the encoding. A growing buffer would take twice the memory.
func (t Template) sizeCBOR() int {
	n := headSize(2 * len(t))
	for i := range t {
		a := &t[i]
		n += bytesSize(a.Name)
		if !a.IsVector {
			n += bytesSize(a.Value)
			continue
		}
		n += headSize(2 * len(a.Vector))
		for _, p := range a.Vector {
			n += bytesSize(p.Key) + bytesSize(p.Value)
		}
	}
	return n
}

func bytesSize(s string) int { return headSize(len(s)) + len(s) }

// headSize is the length of a head.
func headSize(n int) int {
	switch {
	case n < 24:
		return 1
	case n <= math.MaxUint8:
		return 2
	case n <= math.MaxUint16:
		return 3
	case n <= math.MaxUint32:
		return 5
	}
	return 9
}

func appendBytes(b []byte, s string) []byte {
	return append(appendHead(b, cborBytes, len(s)), s...)
}

// appendHead appends a major type and a length.
func appendHead(b []byte, major byte, n int) []byte {
	switch {
	case n < 24:
		return append(b, major|byte(n))
	case n <= math.MaxUint8:
		return append(b, major|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, major|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, major|27), uint64(n))
}

// UnmarshalCBOR decodes the result of MarshalCBOR.
func (t *Template) UnmarshalCBOR(data []byte) error {
	r := cborReader{rest: string(data)}
	n := r.array()
	tree := newBuilder(min(n/2, 4*usual))
	for ; n > 0 && !r.bad; n -= 2 {
		r.attribute(&tree)
	}
	if r.bad || r.rest != "" {
		return errCBOR
	}
	*t = tree.build()
	return nil
}

// cborReader reads items from the start of rest. After an invalid item, bad is set and all
// results are empty.
type cborReader struct {
	rest string
	bad  bool
}

func (r *cborReader) attribute(tree *builder) {
	name := r.bytes()
	if r.peek() != cborArray {
		tree.single(name, r.bytes())
		return
	}
	tree.vector(name)
	for n := r.array(); n > 0 && !r.bad; n -= 2 {
		key := r.bytes()
		tree.pair(key, r.bytes())
	}
	tree.endVector(true)
}

// peek returns the major type of the next item.
func (r *cborReader) peek() byte { return at(r.rest, 0) & 0xe0 }

// array reads the head of an array with an even number of items.
func (r *cborReader) array() int {
	n := r.head(cborArray)
	if n%2 != 0 {
		r.bad = true
	}
	return n
}

// bytes reads a byte string.
func (r *cborReader) bytes() string {
	n := r.head(cborBytes)
	if r.bad {
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

// head reads a head of that major type and returns its length, which cannot be more than the
// number of remaining bytes.
func (r *cborReader) head(major byte) int {
	info := at(r.rest, 0) & 0x1f
	if r.bad = r.bad || r.rest == "" || r.peek() != major || info > 27; r.bad {
		return 0
	}
	n, size := uint64(info), 0
	if info >= 24 {
		size = 1 << (info - 24)
	}
	if r.rest = r.rest[1:]; len(r.rest) < size {
		r.bad = true
		return 0
	}
	if size > 0 {
		n = 0
	}
	for i := range size {
		n = n<<8 | uint64(r.rest[i])
	}
	if r.rest = r.rest[size:]; n > uint64(len(r.rest)) {
		r.bad = true
		return 0
	}
	return int(n)
}

// MarshalCBOR encodes an attribute as a template with one attribute.
func (a Attr) MarshalCBOR() ([]byte, error) { return Template{a}.MarshalCBOR() }

// UnmarshalCBOR decodes a template with exactly one attribute.
func (a *Attr) UnmarshalCBOR(data []byte) error {
	var t Template
	if err := t.UnmarshalCBOR(data); err != nil {
		return err
	}
	if len(t) != 1 {
		return errCBOR
	}
	*a = t[0]
	return nil
}
