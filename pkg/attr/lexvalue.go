package attr

import "strings"

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
