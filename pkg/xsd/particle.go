package xsd

import (
	"fmt"
	"strconv"

	"github.com/beevik/etree"
)

// readParticle reads a part of a content model with its children.
func readParticle(e *etree.Element) (*particle, error) {
	p := &particle{}
	var err error
	if p.min, err = occurs(e, "minOccurs"); err != nil {
		return nil, err
	}
	if p.max, err = occurs(e, "maxOccurs"); err != nil {
		return nil, err
	}
	switch e.Tag {
	case "element":
		p.kind = kindElement
		p.element, err = readElement(e)
		return p, err
	case "any":
		p.kind = kindAny
		return p, nil
	case "sequence":
		p.kind = kindSequence
	case "choice":
		p.kind = kindChoice
	case "all":
		p.kind = kindAll
	default:
		return nil, fmt.Errorf("xs:%s in a content model is not understood", e.Tag)
	}
	for _, child := range e.ChildElements() {
		part, err := readParticle(child)
		if err != nil {
			return nil, err
		}
		p.parts = append(p.parts, part)
	}
	return p, nil
}

func occurs(e *etree.Element, attr string) (int, error) {
	switch text := e.SelectAttrValue(attr, "1"); text {
	case "unbounded":
		return unbounded, nil
	default:
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return 0, fmt.Errorf("%s=%q is no number of occurrences", attr, text)
		}
		return n, nil
	}
}
