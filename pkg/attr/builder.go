package attr

import (
	"slices"
	"strings"
)

// builder collects the attributes of a text and then makes a compact Template of
// them: sorted, with the pairs in one piece of memory and the values in another.
// The store keeps tens of thousands of templates; a text that arrived with a call
// would otherwise stay in memory as long as one short value out of it.
type builder struct {
	attrs []Attr
	pairs []Pair
	from  []int // where the pairs of attrs[i] begin
}

// newBuilder makes room for so many attributes, and twice as many pairs.
func newBuilder(attrs int) builder {
	return builder{attrs: make([]Attr, 0, attrs), pairs: make([]Pair, 0, 2*attrs), from: make([]int, 0, attrs)}
}

// usual is about how many attributes a template has that a user wrote.
const usual = 16

func (b *builder) single(name, value string) {
	b.attrs = append(b.attrs, NewSingle(name, value))
	b.from = append(b.from, len(b.pairs))
}

func (b *builder) vector(name string) {
	b.attrs = append(b.attrs, Attr{Name: canonicalName(name), IsVector: true})
	b.from = append(b.from, len(b.pairs))
}

// pair adds to the vector that was begun last.
func (b *builder) pair(key, value string) {
	b.pairs = append(b.pairs, Pair{Key: canonicalKey(key), Value: value})
}

// endVector puts the pairs of the vector in order. Of two with one key the first
// one stays, or the last one if lastWins.
func (b *builder) endVector(lastWins bool) {
	begin := b.from[len(b.from)-1]
	if lastWins {
		slices.Reverse(b.pairs[begin:])
	}
	b.pairs = b.pairs[:begin+len(sortPairs(b.pairs[begin:]))]
}

// build answers what was collected. The builder must not be used afterwards.
func (b *builder) build() Template {
	pairs := exact(b.pairs)
	for i := range b.attrs {
		end := len(pairs)
		if i+1 < len(b.from) {
			end = b.from[i+1]
		}
		if b.attrs[i].IsVector && b.from[i] < end {
			b.attrs[i].Vector = pairs[b.from[i]:end:end]
		}
	}
	t := Template(exact(b.attrs))
	slices.SortStableFunc(t, compareName)
	t.compact()
	return t
}

// exact answers a copy with no room left over.
func exact[T any](s []T) []T {
	return append(make([]T, 0, len(s)), s...)
}

func compareName(a, b Attr) int { return strings.Compare(a.Name, b.Name) }

// compact copies all values into one new string.
func (t Template) compact() {
	var buf strings.Builder
	buf.Grow(t.valueBytes())
	t.eachValue(func(v *string) {
		if known, ok := knownValues[*v]; ok {
			*v = known
			return
		}
		from := buf.Len()
		buf.WriteString(*v)
		*v = buf.String()[from:]
	})
}

// valueBytes answers how long the values are that compact has to copy.
func (t Template) valueBytes() int {
	n := 0
	t.eachValue(func(v *string) {
		if _, ok := knownValues[*v]; !ok {
			n += len(*v)
		}
	})
	return n
}

// eachValue visits every value in order.
func (t Template) eachValue(visit func(*string)) {
	for i := range t {
		visit(&t[i].Value)
		for j := range t[i].Vector {
			visit(&t[i].Vector[j].Value)
		}
	}
}
