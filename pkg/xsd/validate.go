package xsd

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// validator collects the problems of one document.
type validator struct {
	*schema
	problems []Problem
}

func (v *validator) add(path, format string, args ...any) {
	v.problems = append(v.problems, Problem{Path: path, Text: fmt.Sprintf(format, args...)})
}

// element validates an element and its children.
func (v *validator) element(path string, decl *element, e *etree.Element) {
	if decl.typ.any {
		v.lax(path, e)
		return
	}
	v.attributes(path, e)
	if decl.typ.base != "" {
		v.simple(path, decl, e)
		return
	}
	v.complex(path, decl.typ, e)
}

// lax validates those elements in an anyType that the schema declares.
func (v *validator) lax(path string, e *etree.Element) {
	children := e.ChildElements()
	paths := childPaths(path, children)
	for i, child := range children {
		if decl, ok := v.elements[child.Tag]; ok {
			v.element(paths[i], decl, child)
			continue
		}
		v.lax(paths[i], child)
	}
}

// attributes refuses all attributes except those of namespaces and schema instances, as the
// schemas declare none.
func (v *validator) attributes(path string, e *etree.Element) {
	for _, a := range e.Attr {
		if a.Space != "xmlns" && a.Space != "xsi" && a.FullKey() != "xmlns" {
			v.add(path, "attribute %s is not allowed", a.FullKey())
		}
	}
}

func (v *validator) simple(path string, decl *element, e *etree.Element) {
	if children := e.ChildElements(); len(children) > 0 {
		v.add(path, "element %s is not allowed: only text is", children[0].Tag)
		return
	}
	text := allText(e)
	if decl.fixed != nil && text == "" {
		return // an empty element has the fixed value
	}
	if problem := decl.typ.check(text); problem != "" {
		v.add(path, "%s", problem)
	}
	if decl.fixed != nil && text != *decl.fixed {
		v.add(path, "%q is not the fixed value %q", text, *decl.fixed)
	}
}

func (v *validator) complex(path string, d *definition, e *etree.Element) {
	if text := strings.TrimFunc(allText(e), isSpace); text != "" {
		v.add(path, "text %q is not allowed: only elements are", text)
	}
	children := e.ChildElements()
	if d.content == nil {
		if len(children) > 0 {
			v.add(path, "element %s is not allowed: this one is empty", children[0].Tag)
		}
		return
	}
	v.order(path, d.content, children)
	decls, paths := d.content.members(), childPaths(path, children)
	for i, child := range children {
		if decl, ok := decls[child.Tag]; ok {
			v.element(paths[i], decl, child)
		}
	}
}

// order validates the children and their order.
func (v *validator) order(path string, content *particle, children []*etree.Element) {
	m := matcher{children: children}
	if slices.Contains(m.ends(content, 0), len(children)) {
		return
	}
	expected := "nothing more"
	if len(m.expected) > 0 {
		expected = strings.Join(m.expected, " or ")
	}
	if m.furthest < len(children) {
		v.add(path, "element %s stands where %s was expected", children[m.furthest].Tag, expected)
		return
	}
	v.add(path, "ends where %s was expected", expected)
}

// members answers the declarations in a content model by name, which have to be consistent in a
// schema. Elements that match xs:any are not validated.
func (p *particle) members() map[string]*element {
	decls := map[string]*element{}
	if p.kind == kindElement {
		decls[p.element.name] = p.element
	}
	for _, part := range p.parts {
		maps.Copy(decls, part.members())
	}
	return decls
}

// allText joins the text of an element, which comments may split.
func allText(e *etree.Element) string {
	var b strings.Builder
	for _, token := range e.Child {
		if text, ok := token.(*etree.CharData); ok {
			b.WriteString(text.Data)
		}
	}
	return b.String()
}

// childPaths answers the path of each child, with an index if there are several of a name.
func childPaths(path string, children []*etree.Element) []string {
	paths, seen := make([]string, len(children)), map[string]int{}
	for i, child := range children {
		seen[child.Tag]++
		paths[i] = path + "/" + child.Tag
		if n := seen[child.Tag]; n > 1 {
			paths[i] += fmt.Sprintf("[%d]", n)
		}
	}
	return paths
}
