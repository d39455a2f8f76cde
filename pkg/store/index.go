package store

import (
	"iter"
	"slices"
	"strconv"
)

// Index finds rows by a text derived from them. Indexes live in memory: they
// are made anew when the store is opened.
type Index[T any] struct {
	of    func(*T) []string
	table *Table[T]
	slot  int
}

// NewIndex declares an index by the texts that of gives for a row.
func NewIndex[T any](of func(*T) []string) *Index[T] { return &Index[T]{of: of} }

// Texts are IDs as an index has them, and is asked for them.
func Texts(ids []int) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = strconv.Itoa(id)
	}
	return list
}

// texts are what finds a row, which may be none.
func (ix *Index[T]) texts(row *Row[T]) []string {
	if row == nil {
		return nil
	}
	return ix.of(row.Val)
}

// replace turns the lines of a row from what they were into what they are.
func (ix *Index[T]) replace(in lines, key Key, was, is []string) {
	if slices.Equal(was, is) {
		return
	}
	for _, text := range was {
		in.delete(entry{text, key})
	}
	for _, text := range is {
		in.set(entry{text, key})
	}
}

// Find walks the rows that have text, in order of their keys, as they were when
// the walk began.
func (ix *Index[T]) Find(r Reader, text string) iter.Seq[*Row[T]] {
	return func(yield func(*Row[T]) bool) {
		rs := ix.table.still(r)
		defer r.left(rs)
		rs.indexes[ix.slot].of(text, func(key Key) bool {
			row, _ := rs.get(key)
			return yield(row)
		})
	}
}

// Newest answers the key of the n-th newest row that has text, from 0 on, without
// a walk.
func (ix *Index[T]) Newest(r Reader, text string, n int) (Key, bool) {
	return ix.table.in(r).indexes[ix.slot].newest(text, n)
}

// First answers the row with the lowest key that has text.
func (ix *Index[T]) First(r Reader, text string) (*T, bool) {
	for row := range ix.Find(r, text) {
		return row.Val, true
	}
	return nil, false
}

// lowest comes before every key.
var lowest = Key{A: -1 << 63, B: -1 << 63}
