package rvpe

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// node is an element of an answer, or a text if it has no name.
type node struct {
	name  string
	text  string
	cdata bool
	kids  []*node
}

var errNoXML = errors.New("the server's answer is not XML")

// parseXML parses an answer. CDATA sections are preserved, as they are printed as they are.
func parseXML(text string) (*node, error) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	open := []*node{{}}
	for {
		begin := decoder.InputOffset()
		token, err := decoder.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errNoXML, err)
		}
		last := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			child := &node{name: t.Name.Local}
			last.kids = append(last.kids, child)
			open = append(open, child)
		case xml.EndElement:
			if last.name != t.Name.Local {
				return nil, errNoXML
			}
			open = open[:len(open)-1]
		case xml.CharData:
			last.kids = append(last.kids, &node{text: string(t), cdata: strings.HasPrefix(text[begin:], "<![CDATA[")})
		}
	}
	if top := open[0].elements(); len(open) == 1 && len(top) == 1 {
		return top[0], nil
	}
	return nil, errNoXML
}

// elements are the children that are not texts.
func (n *node) elements() (list []*node) {
	for _, kid := range n.kids {
		if kid.name != "" {
			list = append(list, kid)
		}
	}
	return list
}

// all are the elements with a path such as LEASES/LEASE.
func (n *node) all(path string) (found []*node) {
	name, rest, deeper := strings.Cut(path, "/")
	for _, kid := range n.elements() {
		switch {
		case kid.name != name:
		case deeper:
			found = append(found, kid.all(rest)...)
		default:
			found = append(found, kid)
		}
	}
	return found
}

// content is all text in an element.
func (n *node) content() string {
	text := n.text
	for _, kid := range n.kids {
		text += kid.content()
	}
	return text
}

// get is the text of the first element with a path, or "".
func (n *node) get(path string) string {
	if found := n.all(path); len(found) > 0 {
		return found[0].content()
	}
	return ""
}

// int is 0 if there is no number, as Ruby's to_i.
func (n *node) int(path string) int {
	value, _ := strconv.Atoi(strings.TrimSpace(n.get(path)))
	return value
}

func (n *node) is(path string) bool { return n.int(path) == 1 }

func (n *node) id() string    { return n.get("ID") }
func (n *node) label() string { return n.get("NAME") }
