package attr

import "strings"

// token is a terminal of the grammar. The order is that of oned's grammar, because errors list
// the expected tokens in that order.
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

// String returns the token's name in oned's errors.
func (t token) String() string {
	return [...]string{"$end", "EQUAL", "COMMA", "OBRACKET", "CBRACKET",
		"EQUAL_EMPTY", "CCDATA", "STRING", "VARIABLE"}[t]
}

// lexer splits a text into tokens like oned's flex rules: the longest match wins, then the
// earlier rule, and characters that no rule matches are ignored.
type lexer struct {
	text       string
	start, end int  // the last match, the position of oned's errors
	value      bool // the next token is a value, for which other rules apply

	cdata, eol int // cached positions of the next "]]>" and end of line, so that the time is linear
}

// next returns the next token, and the text of a variable or a string.
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

// match makes the next n characters the last match.
func (l *lexer) match(n int) { l.start, l.end = l.end, l.end+n }

// scanName matches a rule of the state for names, commas and brackets.
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

// lineLen returns the length of the rest of the line that starts n characters ahead, including
// its newline. Unlike in oned, a comment on the last line needs no newline.
func (l *lexer) lineLen(n int) int {
	rest := l.text[l.end+n:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		return i + 1
	}
	return len(rest)
}

// scanEqual matches an equal sign of n characters and the blanks after it. If there is a
// newline, the value is empty.
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
