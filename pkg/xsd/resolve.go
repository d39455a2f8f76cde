package xsd

import "fmt"

// resolve replaces type names and references by their definitions.
func (s *schema) resolve() error {
	r := resolver{schema: s, done: map[*definition]bool{}}
	for _, el := range s.elements {
		if err := r.element(el); err != nil {
			return err
		}
	}
	for _, d := range s.types {
		if err := r.definition(d); err != nil {
			return err
		}
	}
	return nil
}

// resolver visits each definition once, as types may refer to themselves.
type resolver struct {
	*schema
	done map[*definition]bool
}

func (r resolver) element(el *element) error {
	if el.typ == nil && el.ref == "" {
		var err error
		if el.typ, err = r.named(el.typeName); err != nil {
			return fmt.Errorf("element %s: %w", el.name, err)
		}
	}
	if el.typ == nil {
		return nil
	}
	return r.definition(el.typ)
}

// named finds a type by name; built-in ones have a prefix.
func (r resolver) named(name string) (*definition, error) {
	if d, ok := r.types[name]; ok {
		return d, nil
	}
	base := local(name)
	if base == "" || base == "anyType" {
		return anyType(), nil
	}
	if _, ok := lexical[base]; ok && base != name {
		return &definition{base: base}, nil
	}
	return nil, fmt.Errorf("unknown type %q", name)
}

func (r resolver) definition(d *definition) error {
	if r.done[d] || d.content == nil {
		return nil
	}
	r.done[d] = true
	return r.particle(d.content)
}

func (r resolver) particle(p *particle) error {
	if p.kind == kindElement {
		return r.member(p)
	}
	for _, part := range p.parts {
		if err := r.particle(part); err != nil {
			return err
		}
	}
	return nil
}

// member resolves an element in a content model, following a reference.
func (r resolver) member(p *particle) error {
	if p.element.ref == "" {
		return r.element(p.element)
	}
	target, ok := r.elements[local(p.element.ref)]
	if !ok {
		return fmt.Errorf("reference to unknown element %q", p.element.ref)
	}
	p.element = target
	return nil
}
