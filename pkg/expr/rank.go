package expr

import (
	"math"
	"strings"
)

// Rank gives every object a number; higher is better. The zero Rank is always 0.
type Rank struct {
	root value
}

// value is a subexpression of a rank.
type value interface {
	eval(Object) float64
}

// Last is the rank if there is no number, such as after a division by zero.
const Last = -math.MaxFloat64

// ParseRank parses a rank. The error is a *SyntaxError.
func ParseRank(text string) (Rank, error) {
	p := newParser(text)
	if p.tok.kind == kindEnd {
		return Rank{}, nil
	}
	root, err := p.sum()
	if err == nil && p.tok.kind != kindEnd {
		err = p.expected("one of + - * /")
	}
	if err != nil {
		return Rank{}, err
	}
	return Rank{root}, nil
}

// Eval returns the rank of o, which is always a finite number.
func (r Rank) Eval(o Object) float64 {
	if r.root == nil {
		return 0
	}
	v := r.root.eval(o)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Last
	}
	return v
}

// literal is a number in the expression; attribute is a path, whose value is 0 if the object
// has no such number.
type (
	literal   float64
	attribute string
	negative  struct{ of value }
)

func (l literal) eval(Object) float64    { return float64(l) }
func (n negative) eval(o Object) float64 { return -n.of.eval(o) }

func (a attribute) eval(o Object) float64 {
	for _, v := range o.Lookup(string(a)) {
		if n, ok := leadingNumber(v, false); ok {
			return n
		}
	}
	return 0
}

// arithmetic is a list of operands joined by operators of the same precedence, evaluated from
// left to right. It is not a tree, so that long expressions do not need stack.
type arithmetic struct {
	first value
	rest  []operation
}

type operation struct {
	op kind
	by value
}

func (a *arithmetic) eval(o Object) float64 {
	v := a.first.eval(o)
	for _, r := range a.rest {
		switch by := r.by.eval(o); r.op {
		case '+':
			v += by
		case '-':
			v -= by
		case '*':
			v *= by
		case '/':
			v /= by
		}
	}
	return v
}

// sum reads products joined by + or -.
func (p *parser) sum() (value, error) { return p.joined("+-", p.product) }

// product reads factors joined by * or /.
func (p *parser) product() (value, error) { return p.joined("*/", p.factor) }

// joined reads operands joined by these operators.
func (p *parser) joined(operators string, operand func() (value, error)) (value, error) {
	first, err := operand()
	if err != nil {
		return nil, err
	}
	a := &arithmetic{first: first}
	for p.tok.kind != kindEnd && strings.IndexByte(operators, byte(p.tok.kind)) >= 0 {
		r := operation{op: p.tok.kind}
		p.advance()
		if r.by, err = operand(); err != nil {
			return nil, err
		}
		a.rest = append(a.rest, r)
	}
	if len(a.rest) == 0 {
		return first, nil
	}
	return a, nil
}

// factor reads a number, an attribute, a sign or a parenthesized expression.
func (p *parser) factor() (value, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	text := p.tok.text
	switch {
	case p.accept('-'):
		return p.negative()
	case p.accept('('):
		v, err := p.sum()
		if err == nil && !p.accept(')') {
			err = p.expected("one of + - * / )")
		}
		return v, err
	case p.accept(kindString):
		return attribute(text), nil
	case p.tok.kind == kindNumber:
		n, _, err := p.number()
		return literal(n), err
	}
	return nil, p.expected("a number, an attribute, - or (")
}

// negative reads what a sign applies to: a number directly after it, or else the whole product.
func (p *parser) negative() (value, error) {
	operand := p.product
	if p.tok.kind == kindNumber && p.tok.start == p.last {
		operand = p.factor
	}
	v, err := operand()
	return negative{v}, err
}
