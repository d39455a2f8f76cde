package expr

import (
	"math"
	"strings"
)

// Rank orders the objects that meet a requirement, the highest first. The zero
// Rank is 0 of all.
type Rank struct {
	root value
}

// value is a number that depends on an object.
type value interface {
	eval(Object) float64
}

// Last is the rank of what has none, such as of a division by zero.
const Last = -math.MaxFloat64

// ParseRank reads a rank. The error is a *SyntaxError.
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

// Eval answers the rank of o, which is always a finite number.
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

// literal is a number as written; attribute the number an object has there, 0
// when it has none.
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

// arithmetic is operands joined by operators of one strength, taken from left to
// right. It is flat so that a long one needs no stack.
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

// sum reads products joined by + and -.
func (p *parser) sum() (value, error) { return p.joined("+-", p.product) }

// product reads factors joined by * and /.
func (p *parser) product() (value, error) { return p.joined("*/", p.factor) }

// joined reads operands with these operators between them.
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

// factor reads a number, an attribute, a sign or something in parentheses.
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

// negative reads what a sign stands before: the number right behind it, or else
// the whole product.
func (p *parser) negative() (value, error) {
	operand := p.product
	if p.tok.kind == kindNumber && p.tok.start == p.last {
		operand = p.factor
	}
	v, err := operand()
	return negative{v}, err
}
