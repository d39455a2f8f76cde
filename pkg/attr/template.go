package attr

import (
	"slices"
	"sort"
	"strings"
)

// Template is a list of attributes sorted by name, as oned shows them; attributes with the same
// name are in the order of their addition. Use Parse, FromXML, Set and Add to create it,
// because lookups rely on the order. A template that others may read must be cloned before it
// is changed.
type Template []Attr

// yes is the only value that OpenNebula takes for true.
const yes = "YES"

// YesNo is a boolean as OpenNebula writes it.
func YesNo(b bool) string {
	if b {
		return yes
	}
	return "NO"
}

// lower returns the index of the first attribute with a name, or the index where it should be
// inserted.
func (t Template) lower(name string) int {
	return sort.Search(len(t), func(i int) bool { return t[i].Name >= name })
}

// span returns the attributes with a name: t[from:to]. If they are many, the end is found by
// binary search, so that adding attributes one by one stays fast.
func (t Template) span(name string) (from, to int) {
	const few = 8
	from = t.lower(name)
	for to = from; to < len(t) && t[to].Name == name; to++ {
		if to-from == few {
			return from, to + sort.Search(len(t)-to, func(i int) bool { return t[to+i].Name > name })
		}
	}
	return from, to
}

// Named returns all attributes with a name, single ones and vectors. It is a slice of t.
func (t Template) Named(name string) Template {
	from, to := t.span(name)
	return t[from:to:to]
}

// Lookup returns the value of the first single attribute with a name.
func (t Template) Lookup(name string) (string, bool) {
	for _, a := range t.Named(name) {
		if !a.IsVector {
			return a.Value, true
		}
	}
	return "", false
}

// Get returns the value of the first single attribute with a name, or "".
func (t Template) Get(name string) string {
	v, _ := t.Lookup(name)
	return v
}

// Has reports whether there is an attribute with a name.
func (t Template) Has(name string) bool {
	from, to := t.span(name)
	return from < to
}

// Int returns the value of a single attribute if it is an integer.
func (t Template) Int(name string) (int, bool) { return parseInt(t.Get(name)) }

// Float returns the value of a single attribute if it is a number.
func (t Template) Float(name string) (float64, bool) { return parseFloat(t.Get(name)) }

// Bool reports whether the value is YES, in upper or lower case; ok is false if there is no
// such attribute. Any other value is false, as in oned.
func (t Template) Bool(name string) (v, ok bool) {
	s, ok := t.Lookup(name)
	return strings.EqualFold(s, yes), ok
}

// Vector returns the first vector with a name, or nil. It points into t.
func (t Template) Vector(name string) *Attr {
	from, to := t.span(name)
	for i := from; i < to; i++ {
		if t[i].IsVector {
			return &t[i]
		}
	}
	return nil
}

// Vectors returns all vectors with a name. They point into t and are valid until an attribute
// is added or removed.
func (t Template) Vectors(name string) []*Attr {
	var vs []*Attr
	from, to := t.span(name)
	for i := from; i < to; i++ {
		if t[i].IsVector {
			vs = append(vs, &t[i])
		}
	}
	return vs
}

// Empty reports whether there are no attributes.
func (t Template) Empty() bool { return len(t) == 0 }

// WithoutEmpty leaves out empty vectors (A=[ ]), because oned does not read them again from its
// database.
func (t Template) WithoutEmpty() Template {
	empty := func(a Attr) bool { return a.IsVector && len(a.Vector) == 0 }
	if !slices.ContainsFunc(t, empty) {
		return t
	}
	return slices.DeleteFunc(slices.Clone(t), empty)
}

// Equal reports whether both templates have the same attributes in the same order.
func (t Template) Equal(o Template) bool {
	return slices.EqualFunc(t, o, func(a, b Attr) bool { return a.Equal(&b) })
}

// Clone returns a deep copy. All pairs are in one piece of memory, because a template has many
// small vectors.
func (t Template) Clone() Template {
	if t == nil {
		return nil
	}
	n := 0
	for i := range t {
		n += len(t[i].Vector)
	}
	pairs, c := make([]Pair, 0, n), slices.Clone(t)
	for i := range c {
		if c[i].Vector == nil {
			continue
		}
		from := len(pairs)
		pairs = append(pairs, c[i].Vector...)
		c[i].Vector = pairs[from:len(pairs):len(pairs)]
	}
	return c
}

// Tight returns the template, or a copy of it if much of its memory is spare capacity.
func (t Template) Tight() Template {
	room := (cap(t) - len(t)) * pairsPerAttr
	pairs := len(t) * pairsPerAttr
	for i := range t {
		room += cap(t[i].Vector) - len(t[i].Vector)
		pairs += len(t[i].Vector)
	}
	if room <= pairs/8 {
		return t
	}
	return t.Clone()
}

// pairsPerAttr is the size of an Attr, in Pairs.
const pairsPerAttr = 2
