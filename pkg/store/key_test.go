package store

import (
	"bytes"
	"cmp"
	"testing"
)

// FuzzKeyOrder compares the order of encoded keys with that of keys.
func FuzzKeyOrder(f *testing.F) {
	f.Add(int64(0), int64(0), int64(-1), int64(1))
	f.Add(int64(-1)<<63, int64(5), int64(1)<<62, int64(-7))
	f.Add(int64(3), int64(-2), int64(3), int64(2))
	f.Fuzz(func(t *testing.T, a, b, c, d int64) {
		x, y := Key{a, b}, Key{c, d}
		want := cmp.Or(cmp.Compare(a, c), cmp.Compare(b, d))
		if got := bytes.Compare(x.bytes(), y.bytes()); got != want || x.Compare(y) != want || x.Less(y) != (want < 0) {
			t.Errorf("%v and %v: bytes say %d, Compare %d, Less %v; want %d", x, y, got, x.Compare(y), x.Less(y), want)
		}
		if back, ok := keyOf(x.bytes()); !ok || back != x {
			t.Errorf("%v became %v, %v", x, back, ok)
		}
	})
}

func TestKeyOfWrongLength(t *testing.T) {
	t.Parallel()
	for n := range 32 {
		if _, ok := keyOf(make([]byte, n)); ok != (n == keySize) {
			t.Errorf("%d bytes are taken: %v", n, ok)
		}
	}
}
