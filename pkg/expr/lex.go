package expr

import (
	"strconv"
	"strings"
)

// kind is the kind of a token. For an operator, it is its character.
type kind byte

const (
	kindEnd    kind = 0
	kindNumber kind = '0'
	kindString kind = 'a'
)

// token is one word of an expression.
type token struct {
	kind       kind
	text       string // without quotes for a string, otherwise as written
	start, end int
}

// describe names the token in error messages.
func (t token) describe() string {
	switch t.kind {
	case kindEnd:
		return "the end"
	case kindString:
		return strconv.Quote(t.text)
	}
	return t.text
}

const operators = "@!&|=><()*+/^-"

// parser reads tokens, one ahead.
type parser struct {
	text  string
	tok   token
	last  int // end of the token before tok
	depth int
}

func newParser(text string) *parser {
	p := &parser{text: text}
	p.advance()
	return p
}

// advance reads the next token, and skips characters that are not part of one.
func (p *parser) advance() {
	p.last = p.tok.end
	for i := p.tok.end; i < len(p.text); i++ {
		if k, n := scan(p.text[i:]); n > 0 {
			p.tok = token{kind: k, text: p.text[i : i+n], start: i, end: i + n}
			if k == kindString && p.text[i] == '"' {
				p.tok.text = p.text[i+1 : i+n-1]
			}
			return
		}
	}
	p.tok = token{start: len(p.text), end: len(p.text)}
}

// scan returns the kind and the length of the token at the start of s, or 0.
func scan(s string) (kind, int) {
	switch c := s[0]; {
	case strings.IndexByte(operators, c) >= 0:
		return kind(c), 1
	case isLetter(c):
		return kindString, countFunc(s, isWord)
	case isDigit(c):
		return kindNumber, numberLen(s)
	case c == '"':
		return kindString, quotedLen(s)
	}
	return kindEnd, 0
}

// quotedLen returns the length including both quotes, or 0 if the closing one is missing.
func quotedLen(s string) int {
	if i := strings.IndexByte(s[1:], '"'); i >= 0 {
		return i + 2
	}
	return 0
}

// numberLen returns the length of an integer or decimal number.
func numberLen(s string) int {
	n := countFunc(s, isDigit)
	if n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
		n += 1 + countFunc(s[n+1:], isDigit)
	}
	return n
}

func countFunc(s string, is func(byte) bool) int {
	n := 0
	for n < len(s) && is(s[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '_' }

// accept reads the next token if it is of that kind.
func (p *parser) accept(k kind) bool {
	if p.tok.kind != k {
		return false
	}
	p.advance()
	return true
}

// expected is an error at the next token.
func (p *parser) expected(what string) error {
	return &SyntaxError{Column: p.tok.start + 1, Msg: "expected " + what + ", found " + p.tok.describe()}
}

// enter and leave count the nesting depth.
func (p *parser) enter() error {
	if p.depth++; p.depth > maxDepth {
		return &SyntaxError{Column: p.tok.start + 1, Msg: "nested too deep, use fewer parentheses"}
	}
	return nil
}

func (p *parser) leave() { p.depth-- }
