package attr

import (
	"slices"
	"strings"
)

// Pair is one KEY=VALUE of a vector attribute.
type Pair struct {
	Key, Value string
}

// Attr is one attribute: NAME = "value", or NAME = [ K = "v", … ] when IsVector
// is set. The pairs of a vector are sorted by key, as oned keeps them, and no
// key occurs twice; Set and NewVector see to it.
type Attr struct {
	Name     string
	Value    string
	Vector   []Pair
	IsVector bool
}

// NewSingle makes NAME = "value".
func NewSingle(name, value string) Attr {
	return Attr{Name: canonicalName(name), Value: value}
}

// NewVector makes NAME = [ … ]. Of two pairs with one key the later one wins.
func NewVector(name string, pairs ...Pair) Attr {
	own := make([]Pair, len(pairs))
	for i, p := range pairs {
		own[i] = Pair{Key: canonicalKey(p.Key), Value: p.Value}
	}
	slices.Reverse(own)
	return Attr{Name: canonicalName(name), IsVector: true, Vector: sortPairs(own)}
}

// sortPairs puts pairs in order. Of two with one key the first one stays.
func sortPairs(pairs []Pair) []Pair {
	slices.SortStableFunc(pairs, func(a, b Pair) int { return strings.Compare(a.Key, b.Key) })
	return slices.CompactFunc(pairs, func(a, b Pair) bool { return a.Key == b.Key })
}

// find tells where key is, or where it would go. Keys are few: a walk is faster
// than a binary search.
func (a *Attr) find(key string) (at int, found bool) {
	for i := range a.Vector {
		if k := a.Vector[i].Key; k >= key {
			return i, k == key
		}
	}
	return len(a.Vector), false
}

// Lookup answers the value of key and whether the vector has it.
func (a *Attr) Lookup(key string) (string, bool) {
	if a == nil {
		return "", false
	}
	if i, ok := a.find(key); ok {
		return a.Vector[i].Value, true
	}
	return "", false
}

// Get answers the value of key, or "" when the vector does not have it.
func (a *Attr) Get(key string) string {
	v, _ := a.Lookup(key)
	return v
}

// Has tells whether the vector has key, whatever its value.
func (a *Attr) Has(key string) bool {
	_, ok := a.Lookup(key)
	return ok
}

// Int answers the value of key when it is a whole number.
func (a *Attr) Int(key string) (int, bool) { return parseInt(a.Get(key)) }

// Float answers the value of key when it is a number.
func (a *Attr) Float(key string) (float64, bool) { return parseFloat(a.Get(key)) }

// Bool answers whether the value of key is YES, in any case; ok is false when
// key is absent or empty.
func (a *Attr) Bool(key string) (v, ok bool) {
	s := a.Get(key)
	return strings.EqualFold(s, yes), s != ""
}

// Set gives key a value, replacing the one it had.
func (a *Attr) Set(key, value string) {
	key = canonicalKey(key)
	i, found := a.find(key)
	if found {
		a.Vector[i].Value = value
		return
	}
	a.Vector = slices.Insert(a.Vector, i, Pair{Key: key, Value: value})
}

// Del removes key and tells whether it was there.
func (a *Attr) Del(key string) bool {
	i, found := a.find(key)
	if found {
		a.Vector = slices.Delete(a.Vector, i, i+1)
	}
	return found
}

// Merge takes over the pairs of from. A key that both have keeps its value
// unless replace is set.
func (a *Attr) Merge(from *Attr, replace bool) {
	if from == nil {
		return
	}
	for _, p := range from.Vector {
		if replace || !a.Has(p.Key) {
			a.Set(p.Key, p.Value)
		}
	}
}

// Clone answers a copy that shares nothing that can change.
func (a *Attr) Clone() Attr {
	c := *a
	c.Vector = slices.Clone(a.Vector)
	return c
}

// Equal tells whether both say the same.
func (a *Attr) Equal(b *Attr) bool {
	return a.Name == b.Name && a.IsVector == b.IsVector &&
		a.Value == b.Value && slices.Equal(a.Vector, b.Vector)
}
