package expr

import (
	"strings"
	"unicode/utf8"
)

// match is fnmatch(3) without flags: * matches any text, including slashes and leading dots, ?
// any character, [a-z] and [!a-z] sets of characters, and \ escapes the next character. It
// takes time proportional to the product of the lengths.
func match(pattern, s string) bool {
	if !strings.ContainsAny(pattern, `*?[\`) {
		return pattern == s
	}
	retry, from := "", -1 // after the last star, and the position in s where it was tried
	p, rest := pattern, s
	for rest != "" || p != "" {
		if p != "" && p[0] == '*' {
			p = p[1:]
			retry, from = p, len(s)-len(rest)
			continue
		}
		if after, ok := matchOne(p, rest); ok {
			p, rest = after, rest[runeLen(rest):]
			continue
		}
		if from < 0 || from >= len(s) {
			return false
		}
		from += runeLen(s[from:])
		p, rest = retry, s[from:]
	}
	return true
}

// matchOne matches the first character of s and returns the rest of the pattern.
func matchOne(p, s string) (after string, ok bool) {
	if p == "" || s == "" {
		return "", false
	}
	switch p[0] {
	case '?':
		return p[1:], true
	case '[':
		if after, in, closed := matchSet(p[1:], s); closed {
			return after, in
		}
	case '\\':
		if p = p[1:]; p == "" {
			return "", false
		}
	}
	n := runeLen(p)
	return p[n:], p[:n] == s[:runeLen(s)]
}

// matchSet looks for the first character of s in a set, after its opening bracket. Without a
// closing bracket it is not a set.
func matchSet(p, s string) (after string, in, closed bool) {
	c, _ := utf8.DecodeRuneInString(s)
	negated := p != "" && (p[0] == '!' || p[0] == '^')
	if negated {
		p = p[1:]
	}
	for first := true; p != "" && (first || p[0] != ']'); first = false {
		var lo, hi rune
		if class, rest, ok := cutClass(p); ok {
			in = in || isClass(class, c)
			p = rest
			continue
		}
		lo, p = setRune(p)
		if hi = lo; len(p) > 1 && p[0] == '-' && p[1] != ']' {
			hi, p = setRune(p[1:])
		}
		in = in || lo <= c && c <= hi
	}
	if p == "" {
		return "", false, false
	}
	return p[1:], in != negated, true
}

// setRune reads a character of a set, which may be escaped by a backslash.
func setRune(p string) (rune, string) {
	if len(p) > 1 && p[0] == '\\' {
		p = p[1:]
	}
	r, n := utf8.DecodeRuneInString(p)
	return r, p[n:]
}

// cutClass reads [:name:] at the start of a set.
func cutClass(p string) (class, rest string, ok bool) {
	if p, ok = strings.CutPrefix(p, "[:"); !ok {
		return "", "", false
	}
	return strings.Cut(p, ":]")
}

// isClass reports whether a character is in a class of the C locale.
func isClass(class string, c rune) bool {
	lower, upper := c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z'
	digit, graph := c >= '0' && c <= '9', c > ' ' && c < 0x7f
	switch class {
	case "lower":
		return lower
	case "upper":
		return upper
	case "alpha":
		return lower || upper
	case "digit":
		return digit
	case "alnum":
		return lower || upper || digit
	case "xdigit":
		return digit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
	case "graph":
		return graph
	case "print":
		return graph || c == ' '
	case "punct":
		return graph && !lower && !upper && !digit
	case "blank":
		return c == ' ' || c == '\t'
	case "space":
		return c == ' ' || c >= '\t' && c <= '\r'
	case "cntrl":
		return c < ' ' || c == 0x7f
	}
	return false
}

func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}
