package expr

// Object is what an expression is evaluated for: a host, a datastore or a network.
type Object interface {
	// Lookup returns all values of a path such as NAME or CLUSTERS/ID, in the order of the
	// object's XML.
	Lookup(path string) []string
}

// Requirement is a condition on an object. Every object meets the zero Requirement.
type Requirement struct {
	root term
}

// term is a subexpression of a requirement.
type term interface {
	eval(Object) bool
	// explain says why eval is false, and is only called then.
	explain(Object) string
}

// Parse parses a requirement. The error is a *SyntaxError.
func Parse(text string) (Requirement, error) {
	p := newParser(text)
	if p.tok.kind == kindEnd {
		return Requirement{}, nil
	}
	root, err := p.chain()
	if err == nil && p.tok.kind != kindEnd {
		err = p.expected("& or |")
	}
	if err != nil {
		return Requirement{}, err
	}
	return Requirement{root}, nil
}

// Eval reports whether o meets the requirement.
func (r Requirement) Eval(o Object) bool { return r.root == nil || r.root.eval(o) }

// Explain says which term is false for o, and what value o has. It is empty if o meets the
// requirement.
func (r Requirement) Explain(o Object) string {
	if r.Eval(o) {
		return ""
	}
	return r.root.explain(o)
}

// chain is a list of terms joined by & and |, evaluated from left to right. It is not a tree,
// so that long expressions do not need stack.
type chain struct {
	first term
	rest  []link
	text  string
}

type link struct {
	or   bool
	term term
}

func (c *chain) eval(o Object) bool {
	met := c.first.eval(o)
	for _, l := range c.rest {
		if met != l.or { // otherwise the term does not matter
			met = l.term.eval(o)
		}
	}
	return met
}

// chain reads terms as long as they are joined.
func (p *parser) chain() (term, error) {
	start := p.tok.start
	first, err := p.term()
	if err != nil {
		return nil, err
	}
	c := &chain{first: first}
	for p.tok.kind == '&' || p.tok.kind == '|' {
		l := link{or: p.tok.kind == '|'}
		p.advance()
		if l.term, err = p.term(); err != nil {
			return nil, err
		}
		c.rest = append(c.rest, l)
	}
	if len(c.rest) == 0 {
		return first, nil
	}
	c.text = p.text[start:p.last]
	return c, nil
}

// term reads a comparison, a negation or a parenthesized expression.
func (p *parser) term() (term, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	start := p.tok.start
	switch {
	case p.accept('!'):
		t, err := p.term()
		return &not{t, p.text[start:p.last]}, err
	case p.accept('('):
		t, err := p.chain()
		if err == nil && !p.accept(')') {
			err = p.expected("& or | or )")
		}
		return t, err
	case p.tok.kind == kindString:
		return p.compare()
	}
	return nil, p.expected("an attribute, ! or (")
}

// not negates a term.
type not struct {
	term term
	text string
}

func (n *not) eval(o Object) bool { return !n.term.eval(o) }
