package xmlrpc

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// toUTF8 converts a document to UTF-8 without a byte order mark. It supports the encodings that
// clients use: UTF-8, US-ASCII, ISO-8859-1, windows-1252, and UTF-16 with a byte order mark.
// UTF-8 and ASCII are not copied.
func toUTF8(doc []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(doc, []byte("\xEF\xBB\xBF")):
		doc = doc[3:]
	case bytes.HasPrefix(doc, []byte("\xFE\xFF")):
		return fromUTF16(doc[2:], binary.BigEndian)
	case bytes.HasPrefix(doc, []byte("\xFF\xFE")):
		return fromUTF16(doc[2:], binary.LittleEndian)
	}
	doc = bytes.TrimLeft(doc, " \t\r\n") // some clients send an empty line first
	switch declared := declaredEncoding(doc); declared {
	case "", "utf-8", "utf8":
		return doc, nil
	case "us-ascii", "ascii":
		return doc, onlyASCII(doc)
	case "iso-8859-1", "latin1", "latin-1", "iso8859-1", "iso_8859-1":
		return fromBytes(doc, func(c byte) rune { return rune(c) }), nil
	case "windows-1252", "cp1252":
		return fromBytes(doc, fromWindows1252), nil
	case "utf-16", "utf-16le", "utf-16be":
		return nil, &xmlError{"encoding specified in XML declaration is incorrect"}
	default:
		return nil, &xmlError{"unknown encoding"}
	}
}

// encodingPattern finds the encoding that an XML declaration names.
var encodingPattern = regexp.MustCompile(`^<\?xml\s[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)

// declaredEncoding returns the declared encoding in lower case, or "". It has a fast path for
// what nearly every client sends.
func declaredEncoding(doc []byte) string {
	if !bytes.HasPrefix(doc, []byte("<?xml")) ||
		bytes.HasPrefix(doc, []byte(`<?xml version="1.0" encoding="UTF-8"`)) ||
		bytes.HasPrefix(doc, []byte(`<?xml version="1.0"?>`)) {
		return ""
	}
	m := encodingPattern.FindSubmatch(doc[:min(len(doc), 200)])
	if m == nil {
		return ""
	}
	return strings.ToLower(string(m[1]))
}

func onlyASCII(doc []byte) error {
	for _, c := range doc {
		if c >= utf8.RuneSelf {
			return &xmlError{"encoding specified in XML declaration is incorrect"}
		}
	}
	return nil
}

// fromBytes converts from an encoding with one byte per character.
func fromBytes(doc []byte, char func(byte) rune) []byte {
	if onlyASCII(doc) == nil {
		return doc
	}
	out := make([]byte, 0, len(doc)+len(doc)/4)
	for _, c := range doc {
		out = utf8.AppendRune(out, char(c))
	}
	return out
}

// windows1252 has the characters 0x80 to 0x9F, which differ from ISO-8859-1.
var windows1252 = [0x20]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8D, 'Ž', 0x8F,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9D, 'ž', 'Ÿ',
}

func fromWindows1252(c byte) rune {
	if c < 0x80 || c > 0x9F {
		return rune(c)
	}
	return windows1252[c-0x80]
}

func fromUTF16(doc []byte, order binary.ByteOrder) ([]byte, error) {
	if len(doc)%2 != 0 {
		return nil, &xmlError{"unclosed token"}
	}
	out := make([]byte, 0, len(doc))
	for i := 0; i < len(doc); i += 2 {
		r := rune(order.Uint16(doc[i:]))
		if utf16.IsSurrogate(r) {
			if i += 2; i == len(doc) {
				return nil, &xmlError{"unclosed token"}
			}
			if r = utf16.DecodeRune(r, rune(order.Uint16(doc[i:]))); r == utf8.RuneError {
				return nil, &xmlError{"not well-formed"}
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}
