package xsd

import "regexp"

// unbounded stands for maxOccurs="unbounded".
const unbounded = -1

// schema is a file with everything that it includes.
type schema struct {
	elements map[string]*element
	types    map[string]*definition
	own      []string // the root elements of the file itself
}

// element is a declaration; typ is set when the whole schema has been read.
type element struct {
	name     string
	ref      string // name of a referenced declaration
	typeName string // "" if the type is inline or anyType
	typ      *definition
	fixed    *string
}

// definition is a type: simple if base is set, anyType if any is set, else a content model,
// without which the element is empty.
type definition struct {
	base     string // "string", "integer", "decimal", "float", "long"
	enum     []string
	patterns []*regexp.Regexp
	any      bool
	content  *particle
}

// kind is the kind of a particle.
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

// anyType accepts everything; known elements inside it are still validated (lax processing).
func anyType() *definition { return &definition{any: true} }
