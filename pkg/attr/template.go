package attr

import (
	"slices"
	"sort"
	"strings"
)

// Template is a list of attributes sorted by name, as oned prints them;
// attributes of one name keep the order in which they were added. Make one with
// Parse, FromXML, Set and Add, which keep the order that the lookups rely on.
// A template that others may read at the same time must not be changed: Clone
// it first.
type Template []Attr

// yes is the one value that OpenNebula takes for true.
const yes = "YES"

// YesNo writes a truth as OpenNebula does.
func YesNo(b bool) string {
	if b {
		return yes
	}
	return "NO"
}

// lower answers the index of the first attribute of that name, or of where it
// would be.
func (t Template) lower(name string) int {
	return sort.Search(len(t), func(i int) bool { return t[i].Name >= name })
}

// span answers the attributes of that name: t[from:to]. Mostly they are few; of very
// many the end is searched for, so that adding one after the other stays cheap.
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

// Named answers all attributes of that name, single and vector, as a part of t.
func (t Template) Named(name string) Template {
	from, to := t.span(name)
	return t[from:to:to]
}

// Lookup answers the value of the first single attribute of that name.
func (t Template) Lookup(name string) (string, bool) {
	for _, a := range t.Named(name) {
		if !a.IsVector {
			return a.Value, true
		}
	}
	return "", false
}

// Get answers the value of the first single attribute of that name, or "".
func (t Template) Get(name string) string {
	v, _ := t.Lookup(name)
	return v
}

// Has tells whether any attribute has that name.
func (t Template) Has(name string) bool {
	from, to := t.span(name)
	return from < to
}

// Int answers the value of a single attribute when it is a whole number.
func (t Template) Int(name string) (int, bool) { return parseInt(t.Get(name)) }

// Float answers the value of a single attribute when it is a number.
func (t Template) Float(name string) (float64, bool) { return parseFloat(t.Get(name)) }

// Bool answers whether the value is YES, in any case; ok is false when there is
// no such attribute. Any other value is false, as in oned.
func (t Template) Bool(name string) (v, ok bool) {
	s, ok := t.Lookup(name)
	return strings.EqualFold(s, yes), ok
}

// Vector answers the first vector attribute of that name, or nil. It points
// into t.
func (t Template) Vector(name string) *Attr {
	from, to := t.span(name)
	for i := from; i < to; i++ {
		if t[i].IsVector {
			return &t[i]
		}
	}
	return nil
}

// Vectors answers all vector attributes of that name. They point into t and are
// good until an attribute is added or removed.
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

// Empty tells whether there is no attribute.
func (t Template) Empty() bool { return len(t) == 0 }

// WithoutEmpty leaves out vectors that hold nothing (A=[ ]): in oned's database they
// are elements that it does not read again.
func (t Template) WithoutEmpty() Template {
	empty := func(a Attr) bool { return a.IsVector && len(a.Vector) == 0 }
	if !slices.ContainsFunc(t, empty) {
		return t
	}
	return slices.DeleteFunc(slices.Clone(t), empty)
}

// Equal tells whether both hold the same attributes in the same order.
func (t Template) Equal(o Template) bool {
	return slices.EqualFunc(t, o, func(a, b Attr) bool { return a.Equal(&b) })
}

// Clone answers a copy that shares nothing that can change. Its pairs lie in one
// piece of memory: a template has many small vectors.
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

// Tight answers the template in about as much memory as it needs: itself, or a
// copy where much of its memory is room for more.
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
