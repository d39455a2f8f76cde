package store

import "sync/atomic"

// Row is one version of a row. It never changes; a later version is another
// Row. What readers derive from it, such as its XML, they may keep with it.
type Row[T any] struct {
	Key  Key
	Val  *T
	kept [renditions]atomic.Pointer[[]byte]
}

// renditions is how many derived texts a row can keep: the full and the short
// form of each dialect.
const renditions = 3

// Rendition answers the text kept under n, making it at most a few times
// (racing readers may each make it once; they make the same).
func (r *Row[T]) Rendition(n int, render func(*T) []byte) []byte {
	if b := r.kept[n].Load(); b != nil {
		return *b
	}
	b := render(r.Val)
	r.kept[n].Store(&b)
	return b
}
