package cli

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// node is an element of an answer, with either text or children.
type node struct {
	name string
	text string
	kids []*node
	said bool // has text, which may be empty
}

// parseXML reads an answer of the server.
func parseXML(text string) (*node, error) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	top := &node{}
	open := []*node{top}
	for {
		token, err := decoder.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("the server's answer is not XML: %w", err)
		}
		last := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			child := &node{name: t.Name.Local}
			last.kids = append(last.kids, child)
			open = append(open, child)
		case xml.EndElement:
			if len(open) == 1 || last.name != t.Name.Local {
				return nil, fmt.Errorf("the server's answer is not XML: </%s> closes nothing", t.Name.Local)
			}
			open = open[:len(open)-1]
		case xml.CharData:
			last.text += string(t)
			last.said = true
		}
	}
	if len(open) != 1 || len(top.kids) != 1 {
		return nil, fmt.Errorf("the server's answer is not one whole XML document")
	}
	return top.kids[0], nil
}

// all are the elements with a path such as TEMPLATE/DISK.
func (n *node) all(path string) []*node {
	if n == nil {
		return nil
	}
	name, rest, deeper := strings.Cut(path, "/")
	var found []*node
	for _, kid := range n.kids {
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

// at is the first element with a path, nil if there is none.
func (n *node) at(path string) *node {
	if found := n.all(path); len(found) > 0 {
		return found[0]
	}
	return nil
}

// last is the last element with a path, such as the newest history record.
func (n *node) last(path string) *node {
	if found := n.all(path); len(found) > 0 {
		return found[len(found)-1]
	}
	return nil
}

func (n *node) has(path string) bool { return n.at(path) != nil }

func (n *node) get(path string) string {
	if found := n.at(path); found != nil {
		return found.text
	}
	return ""
}

// or is get with a default for missing or empty elements.
func (n *node) or(path, absent string) string {
	if text := n.get(path); text != "" {
		return text
	}
	return absent
}

// int is 0 if there is no number, as Ruby's to_i.
func (n *node) int(path string) int64 {
	value, _ := strconv.ParseInt(strings.TrimSpace(n.get(path)), 10, 64)
	return value
}

func (n *node) float(path string) float64 {
	value, _ := strconv.ParseFloat(strings.TrimSpace(n.get(path)), 64)
	return value
}

// texts are the texts of all elements with a path.
func (n *node) texts(path string) []string {
	var texts []string
	for _, found := range n.all(path) {
		texts = append(texts, found.text)
	}
	return texts
}

// nodeOf makes a node of names and values, to be printed like those of an answer.
func nodeOf(pairs ...string) *node {
	n := &node{}
	for i := 0; i+1 < len(pairs); i += 2 {
		n.with(pairs[i], pairs[i+1])
	}
	return n
}

// with adds an element.
func (n *node) with(name, text string) *node {
	n.kids = append(n.kids, &node{name: name, text: text})
	return n
}
