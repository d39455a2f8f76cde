package rvpe

import (
	"fmt"
	"strings"
)

// String formats an element like Nokogiri: one line per element, except for mixed content, and
// in ASCII.
func (n *node) String() string {
	var b strings.Builder
	n.write(&b, 0, true)
	return b.String()
}

func (n *node) write(b *strings.Builder, level int, format bool) {
	switch {
	case n.cdata:
		b.WriteString("<![CDATA[" + n.text + "]]>")
	case n.name == "":
		writeASCII(b, n.text)
	case len(n.kids) == 0:
		b.WriteString("<" + n.name + "/>")
	default:
		n.writeElement(b, level, format && len(n.elements()) == len(n.kids))
	}
}

func (n *node) writeElement(b *strings.Builder, level int, format bool) {
	b.WriteString("<" + n.name + ">")
	for _, kid := range n.kids {
		if format {
			newLine(b, level+1)
		}
		kid.write(b, level+1, format)
	}
	if format {
		newLine(b, level)
	}
	b.WriteString("</" + n.name + ">")
}

func newLine(b *strings.Builder, level int) { b.WriteString("\n" + strings.Repeat("  ", level)) }

// writeASCII writes text with character references for what is not ASCII.
func writeASCII(b *strings.Builder, text string) {
	for _, r := range text {
		if r == '\r' || r > '~' {
			fmt.Fprintf(b, "&#x%X;", r)
			continue
		}
		b.WriteString(escaped(r))
	}
}

func escaped(r rune) string {
	switch r {
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '&':
		return "&amp;"
	}
	return string(r)
}

// template formats an element's content as a template: one line per attribute, and per element
// of a vector.
func (n *node) template(tag string) string {
	var lines []string
	for _, t := range n.all(tag) {
		for _, a := range t.elements() {
			lines = append(lines, a.attribute())
		}
	}
	return strings.Join(lines, "\n")
}

func (n *node) attribute() string {
	inner := n.elements()
	if len(inner) == 0 {
		return n.name + "=" + n.content()
	}
	pairs := make([]string, len(inner))
	for i, kid := range inner {
		pairs[i] = "  " + kid.name + "=" + kid.content()
	}
	return n.name + "=[\n" + strings.Join(pairs, ",\n") + " ]"
}
