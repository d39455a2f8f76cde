package xmlrpc

import "unicode/utf8"

// replacement replaces what an XML 1.0 document cannot contain: U+FFFD.
const replacement = "\uFFFD"

// AppendEscaped appends s as content of an XML element. What would make the document malformed
// (control characters that XML 1.0 forbids, invalid UTF-8) is replaced by U+FFFD. A carriage
// return becomes a character reference, because parsers turn a plain one into a newline.
func AppendEscaped[T ~string | ~[]byte](dst []byte, s T) []byte {
	done := 0 // s[:done] has been appended
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		with, width := escape(s[i:min(i+utf8.UTFMax, len(s))])
		if with != "" {
			dst = append(dst, s[done:i]...)
			dst = append(dst, with...)
			done = i + width
		}
		i += width
	}
	return append(dst, s[done:]...)
}

// plain are the bytes that need no escaping in the content of an element.
var plain = func() (t [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		t[c] = c != '&' && c != '<' && c != '>'
	}
	t['\n'], t['\t'] = true, true
	return t
}()

// escape returns the replacement for the character at the start of s, or "" if it needs none,
// and the number of its bytes in s.
func escape[T ~string | ~[]byte](s T) (with string, width int) {
	switch s[0] {
	case '&':
		return "&amp;", 1
	case '<':
		return "&lt;", 1
	case '>':
		return "&gt;", 1
	case '\r':
		return "&#x0D;", 1
	}
	if s[0] < utf8.RuneSelf {
		return replacement, 1
	}
	r, width := utf8.DecodeRuneInString(string(s))
	if r == utf8.RuneError && width == 1 || r == 0xFFFE || r == 0xFFFF {
		return replacement, width
	}
	return "", width
}
