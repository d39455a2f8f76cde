package expr

// currentVMs is the path of the IDs of a host's VMs. It is used for affinity to a VM, so = and
// != compare all of them.
const currentVMs = "CURRENT_VMS"

// compare is a comparison: a path, an operator, and a number or a pattern.
type compare struct {
	path     string
	op       kind // '=', '!' for !=, '>', '<', '@' for @>
	isNumber bool
	whole    bool // the number is an integer, so values are compared as integers
	number   float64
	pattern  string
	text     string
}

// compare reads PATH operator value.
func (p *parser) compare() (term, error) {
	c := &compare{path: p.tok.text}
	start := p.tok.start
	if c.path == "" {
		return nil, p.expected("the name of an attribute")
	}
	p.advance()
	err := p.operator(c)
	if err == nil {
		err = p.operand(c)
	}
	c.text = p.text[start:p.last]
	return c, err
}

func (p *parser) operator(c *compare) error {
	c.op = p.tok.kind
	switch c.op {
	case '=', '>', '<':
		p.advance()
		if p.tok.kind == '=' && c.op != '=' {
			return &SyntaxError{Column: p.tok.start + 1, Msg: "there is no >= or <=, turn the other around: !(A < 5)"}
		}
		return nil
	case '!', '@':
		p.advance()
		if second := map[kind]kind{'!': '=', '@': '>'}[c.op]; !p.accept(second) {
			return p.expected(string(rune(second)))
		}
		return nil
	}
	return p.expected("one of = != > < @>")
}

// operand reads a number, which may have a sign, or a string, which is only allowed with =, !=
// and @>.
func (p *parser) operand(c *compare) error {
	negative := p.accept('-')
	switch {
	case p.tok.kind == kindNumber:
		return p.numberOperand(c, negative)
	case c.op == '<' || c.op == '>' || negative:
		return p.expected("a number")
	case p.tok.kind == kindString:
		c.pattern = p.tok.text
		p.advance()
		return nil
	}
	return p.expected("a number or a string")
}

func (p *parser) numberOperand(c *compare, negative bool) (err error) {
	c.isNumber = true
	c.number, c.whole, err = p.number()
	if negative {
		c.number = -c.number
	}
	return err
}

func (c *compare) eval(o Object) bool {
	values := o.Lookup(c.path)
	if c.path == currentVMs {
		return c.evalCurrentVMs(values)
	}
	for _, v := range values {
		met, usable := c.holds(v)
		if met || usable && c.op != '@' {
			return met
		}
	}
	return false
}

// evalCurrentVMs evaluates = and != for the VMs of a host: != is true if none matches, = if any
// does.
func (c *compare) evalCurrentVMs(values []string) bool {
	for _, v := range values {
		if c.equals(v) {
			return c.op != '!'
		}
	}
	return c.op == '!'
}

// holds compares one value. usable is false for a value that is not a number where one is
// needed, and for every value if the pattern is empty.
func (c *compare) holds(value string) (met, usable bool) {
	if !c.isNumber {
		return c.pattern != "" && c.equals(value) != (c.op == '!'), true
	}
	n, ok := leadingNumber(value, c.whole)
	if !ok {
		return false, false
	}
	switch c.op {
	case '<':
		return n < c.number, true
	case '>':
		return n > c.number, true
	case '!':
		return n != c.number, true
	}
	return n == c.number, true
}

// equals reports whether the value equals the number or matches the pattern.
func (c *compare) equals(value string) bool {
	if !c.isNumber {
		return match(c.pattern, value)
	}
	n, ok := leadingNumber(value, c.whole)
	return ok && n == c.number
}
