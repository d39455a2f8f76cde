package store

import (
	"iter"
	"slices"
	"strconv"
)

// Index finds rows by texts derived from them. Indexes are in memory only, and are built when
// the store is opened.
type Index[T any] struct {
	of    func(*T) []string
	table *Table[T]
	slot  int
}

// NewIndex declares an index by the texts that of gives for a row.
func NewIndex[T any](of func(*T) []string) *Index[T] { return &Index[T]{of: of} }

// Texts are IDs as an index contains them.
func Texts(ids []int) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = strconv.Itoa(id)
	}
	return list
}

// texts are the texts by which a row is found; row may be nil.
func (ix *Index[T]) texts(row *Row[T]) []string {
	if row == nil {
		return nil
	}
	return ix.of(row.Val)
}

// replace replaces the index entries of a row.
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

// Find walks the rows with a text, in order of their keys. Changes during the walk have no
// effect on it.
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

// Newest returns the key of the n-th newest row with a text, counted from 0, without a walk.
func (ix *Index[T]) Newest(r Reader, text string, n int) (Key, bool) {
	return ix.table.in(r).indexes[ix.slot].newest(text, n)
}

// First returns the row with a text that has the lowest key.
func (ix *Index[T]) First(r Reader, text string) (*T, bool) {
	for row := range ix.Find(r, text) {
		return row.Val, true
	}
	return nil, false
}

// lowest comes before every key.
var lowest = Key{A: -1 << 63, B: -1 << 63}
