package xsd

import "regexp"

// unbounded stands for maxOccurs="unbounded".
const unbounded = -1

// schema is one file with everything it includes.
type schema struct {
	elements map[string]*element
	types    map[string]*definition
	own      []string // the root elements of the file itself
}

// element is a declaration; typ is set once the whole schema is read.
type element struct {
	name     string
	ref      string // another declaration stands here
	typeName string // "" when the type is inline or anyType
	typ      *definition
	fixed    *string
}

// definition is a type: simple when base is set, anything at all when any is
// set, else a content model, whose absence means an empty element.
type definition struct {
	base     string // "string", "integer", "decimal", "float", "long"
	enum     []string
	patterns []*regexp.Regexp
	any      bool
	content  *particle
}

// kind is what a particle stands for.
type kind int

const (
	kindElement kind = iota
	kindSequence
	kindChoice
	kindAll
	kindAny
)

// particle is a part of a content model with its bounds.
type particle struct {
	kind     kind
	min, max int // max may be unbounded
	element  *element
	parts    []*particle
}

// anyType accepts everything; known elements inside it are still checked,
// as lax processing asks.
func anyType() *definition { return &definition{any: true} }
