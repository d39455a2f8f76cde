package attr

import (
	"encoding/xml"
	"strings"
	"unicode/utf8"
)

// canonicalName is the stored form of a name: in upper case, and with the prefix ONE_ if XML
// does not allow or reserves the name, as in oned.
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

// canonicalKey is the stored form of a key of a vector. In templates as text, keys are in upper
// case already; in XML they may not be, and stay as they are, as in oned. Unlike in oned, keys
// that XML does not allow are changed like names, because answers would not be well-formed.
func canonicalKey(key string) string {
	if known, ok := knownNames[key]; ok {
		return known
	}
	return intern(xmlName(key))
}

const onePrefix = "ONE_"

// upper is toupper of the C locale, which changes ASCII letters only.
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

// xmlName turns any text into a valid name of an XML element.
func xmlName(s string) string {
	if countFunc(s, isNameByte) < len(s) && !isXMLName(s) {
		s = strings.Map(nameRune, s)
	}
	if first := at(s, 0); first != '_' && first < utf8.RuneSelf && !isLetter(first) {
		return onePrefix + s
	}
	return s
}

// isXMLName uses the XML decoder, which has the tables of letters. Colons are refused, because
// decoders take them for namespaces.
func isXMLName(s string) bool {
	if strings.Contains(s, ":") {
		return false
	}
	tok, err := xml.NewDecoder(strings.NewReader("<" + s + "/>")).RawToken()
	start, ok := tok.(xml.StartElement)
	return err == nil && ok && start.Name.Local == s && len(start.Attr) == 0
}

// nameRune replaces characters that names cannot have by an underscore.
func nameRune(r rune) rune {
	if r < utf8.RuneSelf && isNameByte(byte(r)) {
		return r
	}
	return '_'
}

func isNameByte(c byte) bool { return isAlnum(c) || c == '-' || c == '.' }

func isLetter(c byte) bool { return isAlnum(c) && c > '9' && c != '_' }
