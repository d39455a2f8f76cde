package attr

import (
	"slices"
	"strings"
)

// builder collects attributes and makes a compact Template of them: sorted, with all pairs in
// one piece of memory and all values in another. Without this, the whole text of a call would
// stay in memory as long as any value from it.
type builder struct {
	attrs []Attr
	pairs []Pair
	from  []int // index of the first pair of attrs[i]
}

// newBuilder allocates room for that many attributes, and twice as many pairs.
func newBuilder(attrs int) builder {
	return builder{attrs: make([]Attr, 0, attrs), pairs: make([]Pair, 0, 2*attrs), from: make([]int, 0, attrs)}
}

// usual is about how many attributes a template has.
const usual = 16

func (b *builder) single(name, value string) {
	b.attrs = append(b.attrs, NewSingle(name, value))
	b.from = append(b.from, len(b.pairs))
}

func (b *builder) vector(name string) {
	b.attrs = append(b.attrs, Attr{Name: canonicalName(name), IsVector: true})
	b.from = append(b.from, len(b.pairs))
}

// pair adds a pair to the last vector.
func (b *builder) pair(key, value string) {
	b.pairs = append(b.pairs, Pair{Key: canonicalKey(key), Value: value})
}

// endVector sorts the pairs of the last vector. If a key occurs twice, the first value counts,
// or with lastWins the last.
func (b *builder) endVector(lastWins bool) {
	begin := b.from[len(b.from)-1]
	if lastWins {
		slices.Reverse(b.pairs[begin:])
	}
	b.pairs = b.pairs[:begin+len(sortPairs(b.pairs[begin:]))]
}

// build returns the template. The builder must not be used any more.
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

// exact returns a copy without spare capacity.
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

// valueBytes is the total length of the values that compact must copy.
func (t Template) valueBytes() int {
	n := 0
	t.eachValue(func(v *string) {
		if _, ok := knownValues[*v]; !ok {
			n += len(*v)
		}
	})
	return n
}

// eachValue visits all values in order.
func (t Template) eachValue(visit func(*string)) {
	for i := range t {
		visit(&t[i].Value)
		for j := range t[i].Vector {
			visit(&t[i].Vector[j].Value)
		}
	}
}
