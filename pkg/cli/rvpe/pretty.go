package rvpe

import (
	"strings"
	"unicode/utf8"
)

// lineWidth is the maximum length of a line of pretty XML.
const lineWidth = 80

// pretty formats an element like REXML's compact pretty-printer, which the originals use for
// documents made of several answers: an element with short text is one line, long text is
// broken at spaces.
func (n *node) pretty() string {
	var b strings.Builder
	n.writePretty(&b, 0)
	return b.String()
}

func (n *node) writePretty(b *strings.Builder, level int) {
	indent := strings.Repeat(" ", level)
	switch {
	case n.cdata:
		b.WriteString(indent + "<![CDATA[" + n.text + "]]>")
		return
	case n.name == "":
		text := strings.Join(wrapped(oneLine(n.escapedText()), lineWidth-level), "\n"+indent)
		b.WriteString(indent + text)
		return
	case len(n.kids) == 0:
		b.WriteString(indent + "<" + n.name + "/>")
		return
	}
	b.WriteString(indent + "<" + n.name + ">")
	if text, ok := n.shortText(); ok {
		b.WriteString(text)
	} else {
		n.writeKids(b, level)
		b.WriteString(indent)
	}
	b.WriteString("</" + n.name + ">")
}

func (n *node) writeKids(b *strings.Builder, level int) {
	b.WriteString("\n")
	for _, kid := range n.kids {
		if kid.name != "" || strings.TrimSpace(kid.text) != "" {
			kid.writePretty(b, level+2)
			b.WriteString("\n")
		}
	}
}

// shortText is the content of an element that has nothing but text, if it fits on a line.
func (n *node) shortText() (string, bool) {
	var b strings.Builder
	for _, kid := range n.kids {
		if kid.name != "" {
			return "", false
		}
		kid.writePretty(&b, 0)
	}
	return b.String(), utf8.RuneCountInString(b.String()) < lineWidth
}

func (n *node) escapedText() string {
	var b strings.Builder
	writeASCII(&b, n.text)
	return b.String()
}

// oneLine makes any white space one space.
func oneLine(text string) string {
	var b strings.Builder
	space := false
	for _, r := range text {
		isSpace := strings.ContainsRune(" \t\r\n\f\v", r)
		if !isSpace {
			b.WriteRune(r)
		} else if !space {
			b.WriteByte(' ')
		}
		space = isSpace
	}
	return b.String()
}

// wrapped breaks a line at spaces.
func wrapped(line string, width int) (lines []string) {
	for len(line) > width {
		i := strings.LastIndexByte(line[:width+1], ' ')
		if i < 0 {
			break
		}
		lines, line = append(lines, line[:i]), line[i+1:]
	}
	return append(lines, line)
}
