package xsd

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/beevik/etree"
)

// file is one schema file: its declarations and its includes.
type file struct {
	elements map[string]*element
	types    map[string]*definition
	includes []string
}

// loader reads each file once, however often it is included.
type loader struct {
	dir   string
	files map[string]*file
}

// schema combines a file with everything that it includes and resolves the names.
func (l *loader) schema(name string) (*schema, error) {
	s := &schema{elements: map[string]*element{}, types: map[string]*definition{}}
	if err := l.gather(s, name, map[string]bool{}); err != nil {
		return nil, err
	}
	for own := range l.files[name].elements {
		s.own = append(s.own, own)
	}
	return s, s.resolve()
}

// gather adds a file and its includes. If several files declare the same element, the nearest
// one counts, as in libxml2.
func (l *loader) gather(s *schema, name string, seen map[string]bool) error {
	if seen[name] {
		return nil
	}
	seen[name] = true
	f, err := l.file(name)
	if err != nil {
		return err
	}
	addMissing(s.elements, f.elements)
	addMissing(s.types, f.types)
	for _, include := range f.includes {
		if err := l.gather(s, include, seen); err != nil {
			return fmt.Errorf("included by %s: %w", name, err)
		}
	}
	return nil
}

func addMissing[V any](to, from map[string]V) {
	for name, v := range maps.All(from) {
		if _, ok := to[name]; !ok {
			to[name] = v
		}
	}
}

func (l *loader) file(name string) (*file, error) {
	if f, ok := l.files[name]; ok {
		return f, nil
	}
	data, err := os.ReadFile(filepath.Join(l.dir, name))
	if err != nil {
		return nil, err
	}
	root, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f := &file{elements: map[string]*element{}, types: map[string]*definition{}}
	for _, e := range root.ChildElements() {
		if err := f.declare(e); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	l.files[name] = f
	return f, nil
}

// declare reads one child of xs:schema.
func (f *file) declare(e *etree.Element) (err error) {
	name := e.SelectAttrValue("name", "")
	switch e.Tag {
	case "include":
		f.includes = append(f.includes, e.SelectAttrValue("schemaLocation", ""))
	case "element":
		f.elements[name], err = readElement(e)
	case "complexType":
		f.types[name], err = readComplex(e)
	case "simpleType":
		f.types[name], err = readSimple(e)
	default:
		err = fmt.Errorf("xs:%s is not understood here", e.Tag)
	}
	return err
}

func readElement(e *etree.Element) (*element, error) {
	el := &element{
		name:     e.SelectAttrValue("name", ""),
		ref:      e.SelectAttrValue("ref", ""),
		typeName: e.SelectAttrValue("type", ""),
	}
	if a := e.SelectAttr("fixed"); a != nil {
		el.fixed = &a.Value
	}
	for _, child := range e.ChildElements() {
		var err error
		switch child.Tag {
		case "complexType":
			el.typ, err = readComplex(child)
		case "simpleType":
			el.typ, err = readSimple(child)
		default:
			err = fmt.Errorf("xs:%s in element %s is not understood", child.Tag, el.name)
		}
		if err != nil {
			return nil, err
		}
	}
	return el, nil
}

func readComplex(e *etree.Element) (*definition, error) {
	d := &definition{}
	for _, child := range e.ChildElements() {
		if d.content != nil {
			return nil, errors.New("a complex type with two content models is not understood")
		}
		p, err := readParticle(child)
		if err != nil {
			return nil, err
		}
		d.content = p
	}
	return d, nil
}

// readSimple reads <simpleType><restriction>: enumerations and patterns.
func readSimple(e *etree.Element) (*definition, error) {
	r := e.SelectElement("restriction")
	if r == nil {
		return nil, errors.New("a simple type without xs:restriction is not understood")
	}
	d := &definition{base: local(r.SelectAttrValue("base", ""))}
	if _, ok := lexical[d.base]; !ok {
		return nil, fmt.Errorf("restriction of %q is not understood", d.base)
	}
	for _, facet := range r.ChildElements() {
		value := facet.SelectAttrValue("value", "")
		switch facet.Tag {
		case "enumeration":
			d.enum = append(d.enum, value)
		case "pattern":
			re, err := regexp.Compile("^(?:" + value + ")$")
			if err != nil {
				return nil, fmt.Errorf("pattern %q: %w", value, err)
			}
			d.patterns = append(d.patterns, re)
		default:
			return nil, fmt.Errorf("facet xs:%s is not understood", facet.Tag)
		}
	}
	return d, nil
}

// local drops the prefix of a qualified name.
func local(name string) string {
	_, after, found := strings.Cut(name, ":")
	if !found {
		return name
	}
	return after
}

// parse parses a document and answers its root element.
func parse(doc []byte) (*etree.Element, error) {
	d := etree.NewDocument()
	if err := d.ReadFromBytes(doc); err != nil {
		return nil, err
	}
	if n := len(d.ChildElements()); n != 1 {
		return nil, fmt.Errorf("there are %d root elements", n)
	}
	if text := strings.TrimFunc(allText(&d.Element), isSpace); text != "" {
		return nil, fmt.Errorf("text %q stands outside the root element", text)
	}
	return d.Root(), nil
}
