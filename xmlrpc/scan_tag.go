package xmlrpc

import "bytes"

// startTag reads <name attributes> or <name attributes/>.
func (s *scanner) startTag() error {
	if s.begun && len(s.open) == 0 {
		return &xmlError{"junk after document element"}
	}
	s.begun = true
	start := s.pos
	p := s.nameEnd(start + 1)
	if p == start+1 {
		return s.invalid(start, p)
	}
	name := s.data[start+1 : p]
	p, err := s.attributes(start, p)
	if err != nil {
		return err
	}
	s.closing = s.data[p] == '/'
	if s.closing {
		p++
	}
	if err := s.finish(p + 1); err != nil {
		return err
	}
	return s.enter(name)
}

// enter enters an element. The limit is higher than that for values, because a value consists
// of several elements.
func (s *scanner) enter(name []byte) error {
	if len(s.open) >= s.maxOpen {
		s.stopped = true
		return errTooDeep()
	}
	s.name = name
	s.open = append(s.open, name)
	return nil
}

// attributes skips the attributes of a start tag, which XML-RPC does not have (but clients
// declare name spaces), and returns the position of '>' or "/>".
func (s *scanner) attributes(start, p int) (int, error) {
	for {
		before := p
		p = s.spaceEnd(p)
		switch {
		case p == len(s.data):
			return 0, s.unclosed(start)
		case s.data[p] == '>':
			return p, nil
		case s.data[p] == '/':
			return s.slash(start, p)
		case p == before:
			return 0, s.invalid(start, p)
		}
		var err error
		if p, err = s.attribute(start, p); err != nil {
			return 0, err
		}
	}
}

// slash checks that the "/" at p ends the tag.
func (s *scanner) slash(start, p int) (int, error) {
	if p+1 == len(s.data) {
		return 0, s.unclosed(start)
	}
	if s.data[p+1] != '>' {
		return 0, s.invalid(start, p+1)
	}
	return p, nil
}

// attribute skips name="value".
func (s *scanner) attribute(start, p int) (int, error) {
	end := s.nameEnd(p)
	if end == p {
		return 0, s.invalid(start, p)
	}
	p = s.spaceEnd(end)
	if p == len(s.data) {
		return 0, s.unclosed(start)
	}
	if s.data[p] != '=' {
		return 0, s.invalid(start, p)
	}
	p = s.spaceEnd(p + 1)
	if p == len(s.data) {
		return 0, s.unclosed(start)
	}
	quote := s.data[p]
	if quote != '"' && quote != '\'' {
		return 0, s.invalid(start, p)
	}
	n := bytes.IndexByte(s.data[p+1:], quote)
	if n < 0 {
		return 0, s.unclosed(start)
	}
	if i := bytes.IndexByte(s.data[p+1:p+1+n], '<'); i >= 0 {
		return 0, s.invalid(start, p+1+i)
	}
	return p + 1 + n + 1, nil
}

// endTag reads </name>, which must match the innermost element.
func (s *scanner) endTag() error {
	start := s.pos
	if len(s.open) == 0 {
		return &xmlError{"syntax error"}
	}
	end := s.nameEnd(start + 2)
	p := s.spaceEnd(end)
	if p == len(s.data) {
		return s.unclosed(start)
	}
	if s.data[p] != '>' || end == start+2 {
		return s.invalid(start, p)
	}
	if !bytes.Equal(s.data[start+2:end], s.open[len(s.open)-1]) {
		return s.fail(start, "mismatched tag")
	}
	if err := s.finish(p + 1); err != nil {
		return err
	}
	s.leave()
	return nil
}

// nameEnd returns the end of the name at p, or p if there is none.
func (s *scanner) nameEnd(p int) int {
	if p < len(s.data) && !nameStart[s.data[p]] {
		return p
	}
	for p < len(s.data) && (nameStart[s.data[p]] || nameMore[s.data[p]]) {
		p++
	}
	return p
}

func (s *scanner) spaceEnd(p int) int {
	for p < len(s.data) && isSpace(s.data[p]) {
		p++
	}
	return p
}
