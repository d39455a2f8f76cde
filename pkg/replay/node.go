package replay

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// node is an element of a document, or a decoded XML-RPC value: then name is its type. Only
// leaves have text; white space between elements is dropped.
type node struct {
	name     string
	attrs    []string // name="value", sorted
	text     string
	children []*node
}

// parseXML parses a document strictly; it has exactly one root.
func parseXML(doc string) (*node, error) {
	d := xml.NewDecoder(strings.NewReader(doc))
	top := &node{}
	stack := []*node{top}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return onlyRoot(top)
		}
		if err != nil {
			return nil, fmt.Errorf("reading XML: %w", err)
		}
		last := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{name: token.Name.Local, attrs: attributes(token.Attr)}
			last.children = append(last.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			last.settle()
			stack = stack[:len(stack)-1]
		case xml.CharData:
			last.text += string(token)
		}
	}
}

func onlyRoot(top *node) (*node, error) {
	if len(top.children) != 1 || strings.TrimSpace(top.text) != "" {
		return nil, fmt.Errorf("reading XML: %d root elements, want one and no text beside it", len(top.children))
	}
	return top.children[0], nil
}

func attributes(list []xml.Attr) []string {
	var attrs []string
	for _, a := range list {
		attrs = append(attrs, fmt.Sprintf("%s=%q", a.Name.Local, a.Value))
	}
	slices.Sort(attrs)
	return attrs
}

// settle drops the indentation of an element that has children.
func (n *node) settle() {
	if len(n.children) > 0 && strings.TrimSpace(n.text) == "" {
		n.text = ""
	}
}

// child answers the first child of that name, or nil.
func (n *node) child(name string) *node {
	i := slices.IndexFunc(n.children, func(c *node) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return n.children[i]
}

// String prints the tree indented, one element per line, with visible line breaks in text.
// These lines are also what is compared.
func (n *node) String() string {
	var b strings.Builder
	n.write(&b, "")
	return b.String()
}

// lineBreaks makes line breaks within a text visible.
var lineBreaks = strings.NewReplacer("\n", `\n`, "\r", `\r`)

func (n *node) write(b *strings.Builder, indent string) {
	open := strings.Join(append([]string{n.name}, n.attrs...), " ")
	text := lineBreaks.Replace(n.text)
	if len(n.children) == 0 {
		fmt.Fprintf(b, "%s<%s>%s</%s>\n", indent, open, text, n.name)
		return
	}
	fmt.Fprintf(b, "%s<%s>%s\n", indent, open, text)
	for _, c := range n.children {
		c.write(b, indent+"  ")
	}
	fmt.Fprintf(b, "%s</%s>\n", indent, n.name)
}

// sorted is the tree with children in a canonical order.
func (n *node) sorted() *node {
	type keyed struct {
		key string
		n   *node
	}
	var list []keyed
	for _, c := range n.children {
		s := c.sorted()
		list = append(list, keyed{s.String(), s})
	}
	slices.SortStableFunc(list, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	out := &node{name: n.name, attrs: n.attrs, text: n.text}
	for _, k := range list {
		out.children = append(out.children, k.n)
	}
	return out
}
