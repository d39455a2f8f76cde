package attr

// at returns the character at i, or 0 after the end.
func at(s string, i int) byte {
	if i < len(s) {
		return s[i]
	}
	return 0
}

// countFunc returns the number of characters at the start of s for which is returns true.
func countFunc(s string, is func(byte) bool) int {
	for i := range len(s) {
		if !is(s[i]) {
			return i
		}
	}
	return len(s)
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
func isSpace(c byte) bool { return isBlank(c) || c == '\n' }
func isAlnum(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// isValue reports whether c may occur in a value without quotes.
func isValue(c byte) bool {
	switch c {
	case '=', '#', ' ', '\t', '\n', ',', '[', ']':
		return false
	}
	return true
}
