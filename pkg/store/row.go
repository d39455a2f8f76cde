package store

import (
	"slices"
	"sync/atomic"
)

// Row is a version of a row. It never changes; a later version is another Row. Readers may
// store in it what they derive from it, such as its XML.
type Row[T any] struct {
	Key  Key
	Val  *T
	kept [renditions]atomic.Pointer[[]byte]
	made [dependents]atomic.Pointer[dependent]
}

// renditions is how many derived texts a row can store: the full and the short form in each
// dialect.
const renditions = 3

// Rendition returns the derived text with index n, and creates it if needed. Concurrent readers
// may create it more than once, with the same result.
func (r *Row[T]) Rendition(n int, render func(*T) []byte) []byte {
	if b := r.kept[n].Load(); b != nil {
		return *b
	}
	b := render(r.Val)
	r.kept[n].Store(&b)
	return b
}

// Kept returns the derived text with index n, or nil if it has not been created.
func (r *Row[T]) Kept(n int) []byte {
	if b := r.kept[n].Load(); b != nil {
		return *b
	}
	return nil
}

// Keep stores a derived text that is a part of a larger piece of memory, in place of the row's
// own copy.
func (r *Row[T]) Keep(n int, text *[]byte) { r.kept[n].Store(text) }

// dependents is how many texts a row can store that depend on other values, too.
const dependents = 3

// dependent is a text and the other values that it depends on.
type dependent struct {
	of   []any
	text []byte
}

// Dependent is Rendition for a text that also depends on other values, such as versions of rows
// in other tables. It is created again if these are no longer the same, compared by ==.
func (r *Row[T]) Dependent(n int, of []any, render func(*T) []byte) []byte {
	if d := r.made[n].Load(); d != nil && slices.Equal(d.of, of) {
		return d.text
	}
	d := &dependent{of: of, text: render(r.Val)}
	r.made[n].Store(d)
	return d.text
}
