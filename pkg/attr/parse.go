package attr

import (
	"fmt"
	"strings"
)

// shortest is about the shortest length of an attribute.
const shortest = 12

// Parse parses a template as oned does: as XML if it starts with '<', and as OpenNebula's
// syntax otherwise. Blanks around a value are removed. The error is a *SyntaxError.
func Parse(text string) (Template, error) {
	if strings.HasPrefix(text, "<") {
		return FromXML([]byte(text))
	}
	p := parser{lex: lexer{text: text}, tree: newBuilder(min(usual, 1+len(text)/shortest))}
	p.advance()
	for p.tok != tokEnd {
		if err := p.attribute(); err != nil {
			return nil, err
		}
	}
	return p.tree.build(), nil
}

// parser reads attributes, one token ahead.
type parser struct {
	lex  lexer
	tok  token
	text string
	tree builder
}

func (p *parser) advance() { p.tok, p.text = p.lex.next() }

// expect reads a token of that kind and returns its text.
func (p *parser) expect(want token) (string, error) {
	if p.tok != want {
		return "", p.unexpected(want)
	}
	text := p.text
	p.advance()
	return text, nil
}

// attribute reads NAME = value, NAME = or NAME = [ pairs ].
func (p *parser) attribute() error {
	if p.tok != tokVariable {
		return p.unexpected(tokEnd)
	}
	name := p.text
	p.advance()
	switch p.tok {
	case tokEqualEmpty:
		p.tree.single(name, "")
		p.advance()
		return nil
	case tokEqual:
		p.advance()
		return p.attributeValue(name)
	}
	return p.unexpected(tokEqual, tokEqualEmpty)
}

func (p *parser) attributeValue(name string) error {
	switch p.tok {
	case tokString:
		p.tree.single(name, strings.Trim(p.text, blanks))
		p.advance()
		return nil
	case tokOpen:
		p.advance()
		return p.vector(name)
	case tokCData: // refused without a message, so that no value can end its CDATA section
		return p.fail(".")
	}
	return p.unexpected(tokOpen, tokCData, tokString)
}

// vector reads what follows the opening bracket. If a key occurs twice, the first value counts.
func (p *parser) vector(name string) error {
	p.tree.vector(name)
	if p.tok == tokClose {
		p.advance()
		return nil
	}
	if p.tok != tokVariable {
		return p.unexpected(tokClose, tokVariable)
	}
	for {
		if err := p.pair(); err != nil {
			return err
		}
		switch p.tok {
		case tokClose:
			p.tree.endVector(false)
			p.advance()
			return nil
		case tokComma:
			p.advance()
		default:
			return p.unexpected(tokComma, tokClose)
		}
	}
}

func (p *parser) pair() error {
	key, err := p.expect(tokVariable)
	if err != nil {
		return err
	}
	if _, err = p.expect(tokEqual); err != nil {
		return err
	}
	value, err := p.expect(tokString)
	if err != nil {
		return err
	}
	p.tree.pair(upper(key), strings.Trim(value, blanks))
	return nil
}

// unexpected is an error in the form of bison's parsers.
func (p *parser) unexpected(want ...token) error {
	names := make([]string, len(want))
	for i, w := range want {
		names[i] = w.String()
	}
	err := p.fail(fmt.Sprintf("syntax error, unexpected %s, expecting %s", p.tok, strings.Join(names, " or ")))
	err.From, err.To = p.lex.start+1, p.lex.end+1
	return err
}

// fail is an error at the last token.
func (p *parser) fail(msg string) *SyntaxError {
	from, to := p.lex.start, p.lex.end
	if p.tok == tokEnd {
		from = to
	} else {
		from += countFunc(p.lex.text[from:to], isSpace)
	}
	line, column := lineColumn(p.lex.text, from)
	return &SyntaxError{Line: line, Column: column, Msg: msg}
}
