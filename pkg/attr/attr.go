package attr

import (
	"slices"
	"strings"
)

// Pair is a KEY=VALUE of a vector attribute.
type Pair struct {
	Key, Value string
}

// Attr is an attribute: NAME = "value", or NAME = [ K = "v", … ] if IsVector is set. The
// pairs of a vector are sorted by key, as in oned, and keys are unique; Set and NewVector
// ensure that.
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

// NewVector makes NAME = [ … ]. If a key occurs twice, the last value counts.
func NewVector(name string, pairs ...Pair) Attr {
	own := make([]Pair, len(pairs))
	for i, p := range pairs {
		own[i] = Pair{Key: canonicalKey(p.Key), Value: p.Value}
	}
	slices.Reverse(own)
	return Attr{Name: canonicalName(name), IsVector: true, Vector: sortPairs(own)}
}

// sortPairs sorts pairs. If a key occurs twice, the first pair stays.
func sortPairs(pairs []Pair) []Pair {
	slices.SortStableFunc(pairs, func(a, b Pair) int { return strings.Compare(a.Key, b.Key) })
	return slices.CompactFunc(pairs, func(a, b Pair) bool { return a.Key == b.Key })
}

// find returns the index of key, or the index where it should be inserted. A linear search is
// fastest, because vectors are short.
func (a *Attr) find(key string) (at int, found bool) {
	for i := range a.Vector {
		if k := a.Vector[i].Key; k >= key {
			return i, k == key
		}
	}
	return len(a.Vector), false
}

// Lookup returns the value of key, and whether the vector has it.
func (a *Attr) Lookup(key string) (string, bool) {
	if a == nil {
		return "", false
	}
	if i, ok := a.find(key); ok {
		return a.Vector[i].Value, true
	}
	return "", false
}

// Get returns the value of key, or "".
func (a *Attr) Get(key string) string {
	v, _ := a.Lookup(key)
	return v
}

// Has reports whether the vector has key, whatever its value.
func (a *Attr) Has(key string) bool {
	_, ok := a.Lookup(key)
	return ok
}

// Int returns the value of key if it is an integer.
func (a *Attr) Int(key string) (int, bool) { return parseInt(a.Get(key)) }

// Float returns the value of key if it is a number.
func (a *Attr) Float(key string) (float64, bool) { return parseFloat(a.Get(key)) }

// Bool reports whether the value of key is YES, in upper or lower case; ok is false if key is
// missing or empty.
func (a *Attr) Bool(key string) (v, ok bool) {
	s := a.Get(key)
	return strings.EqualFold(s, yes), s != ""
}

// Set sets the value of key.
func (a *Attr) Set(key, value string) {
	key = canonicalKey(key)
	i, found := a.find(key)
	if found {
		a.Vector[i].Value = value
		return
	}
	a.Vector = slices.Insert(a.Vector, i, Pair{Key: key, Value: value})
}

// Del removes key and reports whether it existed.
func (a *Attr) Del(key string) bool {
	i, found := a.find(key)
	if found {
		a.Vector = slices.Delete(a.Vector, i, i+1)
	}
	return found
}

// Merge adds the pairs of from. For a key that exists already, replace decides which value
// stays.
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

// Clone returns a deep copy.
func (a *Attr) Clone() Attr {
	c := *a
	c.Vector = slices.Clone(a.Vector)
	return c
}

// Equal reports whether both attributes are equal.
func (a *Attr) Equal(b *Attr) bool {
	return a.Name == b.Name && a.IsVector == b.IsVector &&
		a.Value == b.Value && slices.Equal(a.Vector, b.Vector)
}
