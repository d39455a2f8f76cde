package attr

import (
	"encoding/xml"
	"strings"
	"unicode/utf8"
)

// canonicalName is the form in which a name is kept: upper case, and a name that
// XML does not allow or reserves gets ONE_ in front, as oned does.
func canonicalName(name string) string {
	name = upper(name)
	if known, ok := knownNames[name]; ok {
		return known
	}
	if name = xmlName(name); strings.HasPrefix(name, "XML") {
		name = onePrefix + name
	}
	return intern(name)
}

// canonicalKey is the form of a key of a vector. Text has them in upper case
// already; XML may have them in any, and oned keeps that. Here a key that XML
// does not allow is changed as a name is: oned's answers are no XML then.
func canonicalKey(key string) string {
	if known, ok := knownNames[key]; ok {
		return known
	}
	return intern(xmlName(key))
}

const onePrefix = "ONE_"

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
	if countFunc(s, isNameByte) < len(s) && !isXMLName(s) {
		s = strings.Map(nameRune, s)
	}
	if first := at(s, 0); first != '_' && first < utf8.RuneSelf && !isLetter(first) {
		return onePrefix + s
	}
	return s
}

// isXMLName asks the reader, whose tables for other scripts nobody wants twice. A
// colon is left out: what stands in front of it is a namespace to every reader.
func isXMLName(s string) bool {
	if strings.Contains(s, ":") {
		return false
	}
	tok, err := xml.NewDecoder(strings.NewReader("<" + s + "/>")).RawToken()
	start, ok := tok.(xml.StartElement)
	return err == nil && ok && start.Name.Local == s && len(start.Attr) == 0
}

// nameRune puts an underscore for what no name may hold.
func nameRune(r rune) rune {
	if r < utf8.RuneSelf && isNameByte(byte(r)) {
		return r
	}
	return '_'
}

func isNameByte(c byte) bool { return isAlnum(c) || c == '-' || c == '.' }

func isLetter(c byte) bool { return isAlnum(c) && c > '9' && c != '_' }
