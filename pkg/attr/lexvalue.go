package attr

import "strings"

// scanValue matches a rule of the state for values.
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
		l.end += max(1, countFunc(rest, isBlank)) - 1 // no rule starts at these blanks
		l.match(1)
		return 0, false
	}
	l.match(n)
	l.value = false
	return tok, true
}

// openLen returns the length of an opening bracket, including blanks around it.
func openLen(s string) int {
	n := countFunc(s, isBlank)
	if at(s, n) != '[' {
		return 0
	}
	return n + 1 + countFunc(s[n+1:], isSpace)
}

// cdataLen returns the length of the rest of the line, if it contains "]]>".
func (l *lexer) cdataLen() int {
	l.cdata = seek(l.text, "]]>", l.end, l.cdata)
	l.eol = seek(l.text, "\n", l.end, l.eol)
	if l.cdata >= l.eol {
		return 0
	}
	return l.eol - l.end
}

// seek returns the offset of the first sep at or after from, or the length of text. known is
// the result of an earlier call, or 0.
func seek(text, sep string, from, known int) int {
	if known >= from && known > 0 {
		return known
	}
	if i := strings.Index(text[from:], sep); i >= 0 {
		return from + i
	}
	return len(text)
}

// quotedLen returns the length of the quoted string at the start of s, or 0. An escaped quote
// is part of the string, but it ends the string if no other quote follows, because the longest
// match wins.
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

// lexeme returns the text of a variable or a string.
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
