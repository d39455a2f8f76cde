package attr

// at answers the character at i, or 0 behind the end.
func at(s string, i int) byte {
	if i < len(s) {
		return s[i]
	}
	return 0
}

// countFunc answers how many characters s begins with that is accepts.
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

// isValue is true of what a value without quotes may hold.
func isValue(c byte) bool {
	switch c {
	case '=', '#', ' ', '\t', '\n', ',', '[', ']':
		return false
	}
	return true
}
