package xmlrpc

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// Classes of bytes. All non-ASCII characters are accepted in names: XML is stricter, but
// XML-RPC uses no such names.
var (
	nameStart = byteSet('a', 'z', 'A', 'Z', '_', '_', ':', ':', utf8.RuneSelf, 0xFF)
	nameMore  = byteSet('0', '9', '-', '-', '.', '.')
	forbidden = byteSet(0, 0x08, 0x0B, 0x0C, 0x0E, 0x1F)
)

// byteSet makes a set from ranges, each given by its first and last byte.
func byteSet(ranges ...int) (t [256]bool) {
	for i := 0; i < len(ranges); i += 2 {
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			t[c] = true
		}
	}
	return t
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r'
}

// allowed reports whether XML 1.0 allows this character.
func allowed(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 0 && !forbidden[r]
	}
	return utf8.ValidRune(r) && r != 0xFFFE && r != 0xFFFF
}

// firstBad returns the offset of the first byte that an XML document in UTF-8 cannot contain,
// or len(data).
func firstBad(data []byte) int {
	for i := 0; i < len(data); {
		for i+8 <= len(data) && ordinary(binary.LittleEndian.Uint64(data[i:])) {
			i += 8
		}
		if i == len(data) {
			break
		}
		c := data[i]
		if c < utf8.RuneSelf {
			if forbidden[c] {
				return i
			}
			i++
			continue
		}
		r, width := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && width == 1 || !allowed(r) {
			return i
		}
		i += width
	}
	return len(data)
}

// ordinary reports whether eight bytes are all ASCII and not control characters, which is the
// case for nearly everything. Subtracting a blank from a smaller byte borrows, which sets its
// high bit.
func ordinary(word uint64) bool {
	const blanks, highs = 0x2020202020202020, 0x8080808080808080
	return (word|(word-blanks))&highs == 0
}

// printable quotes bytes of a document in an error text, as xmlrpc-c does.
func printable(b []byte) string {
	var out []byte
	for _, c := range b {
		switch {
		case c == '\\':
			out = append(out, `\\`...)
		case c == '\n':
			out = append(out, `\n`...)
		case c == '\t':
			out = append(out, `\t`...)
		case c == '\r':
			out = append(out, `\r`...)
		case c < ' ' || c > '~':
			out = fmt.Appendf(out, `\x%02x`, c)
		default:
			out = append(out, c)
		}
	}
	return string(out)
}
