package attr

import (
	"strings"
	"unicode/utf8"
)

// AppendXML appends <root>…</root> with the attributes inside. root must be a valid XML name.
func (t Template) AppendXML(dst []byte, root string) []byte {
	dst = appendOpen(dst, root)
	dst = t.AppendInner(dst)
	return appendClose(dst, root)
}

// AppendInner appends the attributes without a root element.
func (t Template) AppendInner(dst []byte) []byte {
	for i := range t {
		dst = t[i].AppendXML(dst)
	}
	return dst
}

// AppendXML appends the element of an attribute.
func (a *Attr) AppendXML(dst []byte) []byte {
	dst = appendOpen(dst, a.Name)
	if !a.IsVector {
		dst = AppendCDATA(dst, a.Value)
	}
	for _, p := range a.Vector {
		dst = appendOpen(dst, p.Key)
		dst = AppendCDATA(dst, p.Value)
		dst = appendClose(dst, p.Key)
	}
	return appendClose(dst, a.Name)
}

func appendOpen(dst []byte, name string) []byte {
	dst = append(dst, '<')
	dst = append(dst, name...)
	return append(dst, '>')
}

func appendClose(dst []byte, name string) []byte {
	dst = append(dst, '<', '/')
	dst = append(dst, name...)
	return append(dst, '>')
}

const (
	cdataOpen  = "<![CDATA["
	cdataClose = "]]>"
)

// AppendCDATA appends s as a CDATA section. A "]]>" in s is split between two sections, and
// what XML does not allow (control characters, invalid UTF-8) is replaced by U+FFFD: the store
// keeps the value, but the XML must be well-formed.
func AppendCDATA(dst []byte, s string) []byte {
	dst = append(dst, cdataOpen...)
	for {
		i := strings.Index(s, cdataClose)
		if i < 0 {
			break
		}
		dst = appendChars(dst, s[:i+2])
		dst = append(dst, cdataClose+cdataOpen...)
		s = s[i+2:]
	}
	dst = appendChars(dst, s)
	return append(dst, cdataClose...)
}

// appendChars appends s, with U+FFFD in place of characters that XML does not allow.
func appendChars(dst []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); {
		if s[i] >= ' ' && s[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !isXMLChar(r) || r == utf8.RuneError && size == 1 {
			dst = append(dst, s[from:i]...)
			dst = utf8.AppendRune(dst, utf8.RuneError)
			from = i + size
		}
		i += size
	}
	return append(dst, s[from:]...)
}

func isXMLChar(r rune) bool {
	return r >= ' ' && r != 0xFFFE && r != 0xFFFF || r == '\t' || r == '\n' || r == '\r'
}
