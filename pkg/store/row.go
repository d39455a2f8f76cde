package store

import (
	"slices"
	"sync/atomic"
)

// Row is one version of a row. It never changes; a later version is another
// Row. What readers derive from it, such as its XML, they may keep with it.
type Row[T any] struct {
	Key  Key
	Val  *T
	kept [renditions]atomic.Pointer[[]byte]
	made [dependents]atomic.Pointer[dependent]
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

// Kept answers the text kept under n, nil when there is none yet.
func (r *Row[T]) Kept(n int) []byte {
	if b := r.kept[n].Load(); b != nil {
		return *b
	}
	return nil
}

// Keep has the row keep a text that was made with those of others, in place of the same
// one elsewhere.
func (r *Row[T]) Keep(n int, text *[]byte) { r.kept[n].Store(text) }

// dependents is how many texts a row can keep that are made of others, too.
const dependents = 3

// dependent is a text and what else it was made of.
type dependent struct {
	of   []any
	text []byte
}

// Dependent is Rendition for a text that is made of other values as well, such as rows
// of other tables: it is made anew when those are others than before. They are compared
// by ==, which tells versions of rows apart.
func (r *Row[T]) Dependent(n int, of []any, render func(*T) []byte) []byte {
	if d := r.made[n].Load(); d != nil && slices.Equal(d.of, of) {
		return d.text
	}
	d := &dependent{of: of, text: render(r.Val)}
	r.made[n].Store(d)
	return d.text
}
