package attr

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// kept contains a template, as rows in the store do.
type kept struct {
	ID   int      `cbor:"1,keyasint"`
	Tree Template `cbor:"2,keyasint"`
	One  Attr     `cbor:"3,keyasint"`
}

func TestCBORInsideAStruct(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := kept{ID: 7, Tree: drawTemplate().Draw(t, "tree"), One: NewVector("disk", Pair{"A", "\xff"})}
		b, err := cbor.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if alone, _ := want.Tree.MarshalCBOR(); len(alone) != want.Tree.sizeCBOR() {
			t.Fatalf("%d bytes were foreseen, and not %d", want.Tree.sizeCBOR(), len(alone))
		}
		var got kept
		if err := cbor.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
}

func TestCBORLengths(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 23, 24, 255, 256, 65535, 65536} {
		want := Template{single("A", strings.Repeat("v", n))}
		b, _ := want.MarshalCBOR()
		var got Template
		if err := got.UnmarshalCBOR(b); err != nil || !got.Equal(want) {
			t.Errorf("a value of %d bytes did not come back: %v", n, err)
		}
		if size := want.sizeCBOR(); size != len(b) {
			t.Errorf("a value of %d bytes takes %d, and not %d", n, len(b), size)
		}
	}
}

func TestCBORRefused(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"nothing":            {},
		"no array":           {0x40},
		"odd array":          {0x81, 0x41, 'A'},
		"cut off":            {0x82, 0x41, 'A', 0x42, 'v'},
		"longer than it is":  {0x9a, 0xff, 0xff, 0xff, 0xff},
		"length cut off":     {0x82, 0x41, 'A', 0x59, 0x01},
		"indefinite length":  {0x9f, 0x41, 'A', 0x41, 'v', 0xff},
		"text for bytes":     {0x82, 0x61, 'A', 0x61, 'v'},
		"bytes left over":    {0x80, 0x80},
		"vector of no pairs": {0x82, 0x41, 'A', 0x81, 0x41, 'k'},
	} {
		var got Template
		if err := got.UnmarshalCBOR(data); err == nil {
			t.Errorf("%s: read as %v", name, got)
		}
	}
	var a Attr
	if err := a.UnmarshalCBOR([]byte{0x80}); err == nil {
		t.Errorf("no attribute was read as %v", a)
	}
}

func FuzzUnmarshalCBOR(f *testing.F) {
	b, _ := typical(f).MarshalCBOR()
	f.Add(b)
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second Template
		if first.UnmarshalCBOR(data) != nil {
			return
		}
		b, err := first.MarshalCBOR()
		if err != nil {
			t.Fatal(err)
		}
		if err := second.UnmarshalCBOR(b); err != nil {
			t.Fatal(err)
		}
		again, _ := second.MarshalCBOR()
		if !bytes.Equal(b, again) || !first.Equal(second) {
			t.Errorf("%q was written as %q, then as %q", data, b, again)
		}
	})
}
