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
