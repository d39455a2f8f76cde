package attr

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// canonicalName is the form in which a name is kept: upper case, and a name that
// XML does not allow or reserves gets ONE_ in front, as oned does.
func canonicalName(name string) string {
	return intern(xmlName(upper(name)))
}

// canonicalKey is the form of a key of a vector. Text has them in upper case
// already; XML may have them in any, and oned keeps that.
func canonicalKey(key string) string { return intern(xmlName(key)) }

// upper is toupper of the C locale: letters beyond ASCII stay as they are.
func upper(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= 'a' && c <= 'z' || c >= utf8.RuneSelf {
			return strings.Map(upperASCII, s)
		}
	}
	return s
}

func upperASCII(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r - 'a' + 'A'
	}
	return r
}

// xmlName makes any text a name that an XML element may have.
func xmlName(s string) string {
	if strings.ContainsFunc(s, notNameRune) {
		s = strings.Map(nameRune, s)
	}
	r, _ := utf8.DecodeRuneInString(s)
	if s == "" || r != '_' && !unicode.IsLetter(r) || strings.HasPrefix(s, "XML") {
		return "ONE_" + s
	}
	return s
}

// notNameRune is true of what XML does not allow inside a name. Letters below
// U+00C0 that are not ASCII are no XML letters.
func notNameRune(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '-', r == '.':
		return false
	}
	return r < 0xC0 || !unicode.IsLetter(r)
}

func nameRune(r rune) rune {
	if notNameRune(r) {
		return '_'
	}
	return r
}
