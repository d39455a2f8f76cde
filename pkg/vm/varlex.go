package vm

// token is a kind of token in a text with variables. Its value is oned's name for it, which
// appears in error messages.
type token string

const (
	tokEnd      token = "$end"
	tokEqual    token = "EQUAL"
	tokComma    token = "COMMA"
	tokOpen     token = "OBRACKET"
	tokClose    token = "CBRACKET"
	tokAfter    token = "EOA" // the character that ends a variable
	tokString   token = "STRING"
	tokVariable token = "VARIABLE"
	tokText     token = "RSTRING"
)

// varLexer splits a text into tokens as oned does (vm_var_parser.l). Outside of variables
// everything is text; a dollar sign begins a variable. Characters that are invalid there are
// skipped.
type varLexer struct {
	text        string
	at          int // offset in text
	in          func(*varLexer) (token, string, bool)
	line        int
	first, last int // columns of the last token
}

func lexVariables(text string) *varLexer {
	return &varLexer{text: text, in: (*varLexer).plain, line: 1, first: 1, last: 1}
}

// next returns the next token.
func (l *varLexer) next() (token, string) {
	for {
		if kind, word, found := l.in(l); found {
			return kind, word
		}
	}
}

// take consumes n bytes and returns them.
func (l *varLexer) take(n int) string {
	word := l.text[l.at : l.at+n]
	for _, c := range []byte(word) {
		if c == '\n' {
			l.line++
		}
	}
	l.at += n
	l.first, l.last = l.last, l.last+n
	return word
}

// run counts the bytes at offset for which is returns true.
func (l *varLexer) run(offset int, is func(byte) bool) int {
	n := 0
	for l.at+offset+n < len(l.text) && is(l.text[l.at+offset+n]) {
		n++
	}
	return n
}

// plain reads text outside of variables. An escaped dollar sign is text, including its backslash.
func (l *varLexer) plain() (token, string, bool) {
	n := 0
	for rest := l.text[l.at:]; n < len(rest) && rest[n] != '$'; {
		if rest[n] != '\\' {
			n++
		} else if n+1 < len(rest) {
			n += 2
		} else {
			break // a single backslash at the end is dropped
		}
	}
	switch {
	case n > 0:
		return tokText, l.take(n), true
	case l.at == len(l.text):
		return tokEnd, "", true
	case l.text[l.at] == '$':
		l.in = (*varLexer).variable
	}
	l.take(1)
	return "", "", false
}

// variable reads a token after a dollar sign.
func (l *varLexer) variable() (token, string, bool) {
	if l.at == len(l.text) {
		l.in = (*varLexer).plain
		return tokAfter, "", true
	}
	if n := l.run(0, isWord); n > 0 {
		return tokVariable, l.take(n), true
	}
	if kind, ok := l.sign(); ok {
		return kind, "", true
	}
	switch word := l.take(1); word {
	case "$": // begins the next variable
		return tokAfter, "", true
	case "\n":
		return "", "", false
	default:
		l.in = (*varLexer).plain
		return tokAfter, word, true
	}
}

// sign reads punctuation of a variable and the blanks around it.
func (l *varLexer) sign() (token, bool) {
	before := l.run(0, isBlank)
	if l.at+before == len(l.text) {
		return "", false
	}
	after := before + 1 + l.run(before+1, isBlank)
	switch c := l.text[l.at+before]; {
	case c == '=':
		l.take(after)
		l.in = (*varLexer).value
		return tokEqual, true
	case c == ',':
		l.take(after)
		return tokComma, true
	case c == '[' && before == 0:
		l.take(after)
		return tokOpen, true
	case c == ']':
		l.take(before + 1)
		return tokClose, true
	}
	return "", false
}

// value reads the string after an equals sign.
func (l *varLexer) value() (token, string, bool) {
	if l.at == len(l.text) {
		return tokEnd, "", true
	}
	if n := l.run(0, isAlnum); n > 0 {
		l.in = (*varLexer).variable
		return tokString, l.take(n), true
	}
	if l.text[l.at] == '"' {
		n := l.run(1, func(c byte) bool { return c != '"' })
		if l.at+1+n < len(l.text) {
			l.in = (*varLexer).variable
			return tokString, l.take(n + 2)[1 : n+1], true
		}
	}
	l.take(1)
	return "", "", false
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isWord(c byte) bool { return isAlnum(c) || c == '_' }
