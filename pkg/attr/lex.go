package attr

import "strings"

// token is a terminal of the grammar. Their order is that of oned's grammar,
// in which its errors list what they expected.
type token uint8

const (
	tokEnd token = iota
	tokEqual
	tokComma
	tokOpen
	tokClose
	tokEqualEmpty
	tokCData
	tokString
	tokVariable
)

// String answers the name that oned's errors use.
func (t token) String() string {
	return [...]string{"$end", "EQUAL", "COMMA", "OBRACKET", "CBRACKET",
		"EQUAL_EMPTY", "CCDATA", "STRING", "VARIABLE"}[t]
}

// lexer cuts a text into tokens as oned's flex rules do: the longest match
// wins, of equal ones the earlier rule, and a character that no rule matches is
// passed over.
type lexer struct {
	text       string
	start, end int  // the last match, which is where oned's errors point
	value      bool // the next token is a value: other rules apply

	cdata, eol int // next "]]>" and next end of line, remembered to stay linear
}

// next answers the next token and, for a variable or a string, its text.
func (l *lexer) next() (token, string) {
	for l.end < len(l.text) {
		var tok token
		var found bool
		if l.value {
			tok, found = l.scanValue()
		} else {
			tok, found = l.scanName()
		}
		if found {
			return tok, l.lexeme(tok)
		}
	}
	return tokEnd, ""
}

// lexeme answers the text of a token that carries one.
func (l *lexer) lexeme(tok token) string {
	if tok == tokVariable {
		return l.text[l.start:l.end]
	}
	if tok != tokString {
		return ""
	}
	s := l.text[l.start:l.end]
	if n := quotedLen(s); n == len(s) {
		s = s[1 : n-1]
	}
	return strings.ReplaceAll(s, `\"`, `"`)
}

// match takes n characters as the last match.
func (l *lexer) match(n int) { l.start, l.end = l.end, l.end+n }

// scanName matches one rule of the state in which names, commas and brackets
// are looked for.
func (l *lexer) scanName() (token, bool) {
	rest := l.text[l.end:]
	if n := countFunc(rest, isAlnum); n > 0 {
		l.match(n)
		return tokVariable, true
	}
	blank, space := countFunc(rest, isBlank), countFunc(rest, isSpace)
	switch c := at(rest, blank); c {
	case '#':
		l.match(blank + l.lineLen(blank))
		return 0, false
	case '=':
		return l.scanEqual(blank + 1)
	}
	switch c := at(rest, space); c {
	case ',', ']':
		l.match(space + 1 + countFunc(rest[space+1:], isSpace))
		if c == ',' {
			return tokComma, true
		}
		return tokClose, true
	}
	l.match(max(1, space))
	return 0, false
}

// lineLen answers how much is left of the line that begins n characters ahead,
// its newline included. A comment on the last line needs no newline here.
func (l *lexer) lineLen(n int) int {
	rest := l.text[l.end+n:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		return i + 1
	}
	return len(rest)
}

// scanEqual matches an equal sign of n characters and what blanks follow it: a
// newline makes the value empty.
func (l *lexer) scanEqual(n int) (token, bool) {
	n += countFunc(l.text[l.end+n:], isBlank)
	if at(l.text[l.end:], n) == '\n' {
		l.match(n + 1)
		return tokEqualEmpty, true
	}
	l.match(n)
	l.value = true
	return tokEqual, true
}

// scanValue matches one rule of the state in which a value is looked for.
func (l *lexer) scanValue() (token, bool) {
	rest := l.text[l.end:]
	tok, n := tokOpen, openLen(rest)
	if c := l.cdataLen(); c > n {
		tok, n = tokCData, c
	}
	if s := max(quotedLen(rest), countFunc(rest, isValue)); s > n {
		tok, n = tokString, s
	}
	if n == 0 {
		l.end += max(1, countFunc(rest, isBlank)) - 1 // no rule begins among these blanks
		l.match(1)
		return 0, false
	}
	l.match(n)
	l.value = false
	return tok, true
}

// openLen answers the length of an opening bracket with the blanks around it.
func openLen(s string) int {
	n := countFunc(s, isBlank)
	if at(s, n) != '[' {
		return 0
	}
	return n + 1 + countFunc(s[n+1:], isSpace)
}

// cdataLen answers the length of the rest of the line when "]]>" is in it.
func (l *lexer) cdataLen() int {
	l.cdata = seek(l.text, "]]>", l.end, l.cdata)
	l.eol = seek(l.text, "\n", l.end, l.eol)
	if l.cdata >= l.eol {
		return 0
	}
	return l.eol - l.end
}

// seek answers the offset of the first sep at or behind from, or the length of
// text. known is the answer of an earlier call, or 0.
func seek(text, sep string, from, known int) int {
	if known >= from && known > 0 {
		return known
	}
	if i := strings.Index(text[from:], sep); i >= 0 {
		return from + i
	}
	return len(text)
}

// quotedLen answers the length of the quoted string that s begins with, or 0. A
// quote behind a backslash is part of the string, but ends it when no other
// quote follows: the longest match wins.
func quotedLen(s string) int {
	if at(s, 0) != '"' {
		return 0
	}
	last := 0
	for i := 1; i < len(s); i++ {
		next := strings.IndexByte(s[i:], '"')
		if next < 0 {
			break
		}
		i += next
		last = i + 1
		if s[i-1] != '\\' {
			break
		}
	}
	return last
}

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
