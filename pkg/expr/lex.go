package expr

import (
	"strconv"
	"strings"
)

// kind tells tokens apart. An operator is its own character.
type kind byte

const (
	kindEnd    kind = 0
	kindNumber kind = '0'
	kindString kind = 'a'
)

// token is one word of an expression.
type token struct {
	kind       kind
	text       string // of a string without its quotes, of anything else as written
	start, end int
}

// describe says how an error names the token.
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

// parser walks over the tokens with one of foresight.
type parser struct {
	text  string
	tok   token
	last  int // where the token before tok ended
	depth int
}

func newParser(text string) *parser {
	p := &parser{text: text}
	p.advance()
	return p
}

// advance reads the next token and passes over what is none.
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

// scan answers the token at the front of s and its length, or 0.
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

// quotedLen answers the length with both quotes, or 0 when the second is missing.
func quotedLen(s string) int {
	if i := strings.IndexByte(s[1:], '"'); i >= 0 {
		return i + 2
	}
	return 0
}

// numberLen answers the length of digits and of a fraction, if digits follow its
// point.
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

// accept takes the next token if it is of that kind.
func (p *parser) accept(k kind) bool {
	if p.tok.kind != k {
		return false
	}
	p.advance()
	return true
}

// expected is the error at the next token.
func (p *parser) expected(what string) error {
	return &SyntaxError{Column: p.tok.start + 1, Msg: "expected " + what + ", found " + p.tok.describe()}
}

// enter and leave keep count of how deep an expression nests.
func (p *parser) enter() error {
	if p.depth++; p.depth > maxDepth {
		return &SyntaxError{Column: p.tok.start + 1, Msg: "nested too deep, use fewer parentheses"}
	}
	return nil
}

func (p *parser) leave() { p.depth-- }
