package xmlrpc

import (
	"bytes"
	"fmt"
)

// token is a piece of an XML document, as far as XML-RPC needs to know.
type token uint8

const (
	tokenStart token = iota // of an element, name in scanner.name; attributes are dropped
	tokenEnd                // of an element, name in scanner.name
	tokenText               // in scanner.text
	tokenEOF                // the document is complete and well-formed
)

// scanner takes an XML document apart, token by token. The document is UTF-8
// (see toUTF8). It never looks outside of the document: there are no document
// types and so no entities but the five that XML predefines.
type scanner struct {
	data    []byte
	pos     int       // where the next token starts
	bad     int       // first byte that no document may hold; len(data) when there is none
	begun   bool      // the root element was met
	closing bool      // the last tag was <x/>: its end comes next
	stopped bool      // too deep to go on
	open    [][]byte  // names of the elements we are in
	room    [8][]byte // where they are, when they are no more than in most calls
	maxOpen int
	name    []byte
	text    []byte // kept until scratch is reset
	scratch []byte // texts that differ from what the document holds
}

// xmlError says why a document is not XML, in expat's words.
type xmlError struct{ reason string }

func (e *xmlError) Error() string { return e.reason }

func newScanner(data []byte, maxOpen int) scanner {
	return scanner{data: data, bad: firstBad(data), maxOpen: maxOpen}
}

// next moves on to the next token. Comments and processing instructions are
// passed over.
func (s *scanner) next() (token, error) {
	if s.closing {
		s.closing = false
		return s.leave(), nil
	}
	for {
		if len(s.open) == 0 {
			if end, err := s.outside(); end || err != nil {
				return tokenEOF, err
			}
		}
		if s.pos == len(s.data) {
			return 0, s.fail(s.pos, "no element found")
		}
		if s.data[s.pos] != '<' {
			return tokenText, s.characters()
		}
		if tok, some, err := s.markup(); some || err != nil {
			return tok, err
		}
	}
}

// outside passes over white space before and after the root element and tells
// whether the document ends here.
func (s *scanner) outside() (end bool, err error) {
	for s.pos < len(s.data) && isSpace(s.data[s.pos]) {
		s.pos++
	}
	switch {
	case s.pos == len(s.data) && s.begun:
		return true, nil
	case s.pos == len(s.data):
		return false, &xmlError{"no element found"}
	case s.data[s.pos] == '<':
		return false, nil
	case s.begun:
		return false, &xmlError{"junk after document element"}
	default:
		return false, &xmlError{"syntax error"}
	}
}

// markup reads what a '<' begins. It answers no token for what XML-RPC ignores.
func (s *scanner) markup() (tok token, some bool, err error) {
	start := s.pos
	if start+1 == len(s.data) {
		return 0, false, s.fail(start, "unclosed token")
	}
	switch s.data[start+1] {
	case '?':
		return 0, false, s.through("?>", len("<?"))
	case '!':
		return s.declaration()
	case '/':
		return tokenEnd, true, s.endTag()
	default:
		return tokenStart, true, s.startTag()
	}
}

// declaration passes over comments, reads CDATA sections, and refuses the rest:
// a document type is where expansion bombs live and XML-RPC has no use for one.
func (s *scanner) declaration() (tok token, some bool, err error) {
	rest := s.data[s.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return 0, false, s.through("-->", len("<!--"))
	case bytes.HasPrefix(rest, []byte("<![CDATA[")) && len(s.open) > 0:
		from := s.pos + len("<![CDATA[")
		if err := s.through("]]>", len("<![CDATA[")); err != nil {
			return 0, false, err
		}
		s.text = s.normalised(s.data[from : s.pos-len("]]>")])
		return tokenText, true, nil
	case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
		return 0, false, s.fail(s.pos, "document types are refused: send the call without <!DOCTYPE>")
	case bytes.HasPrefix([]byte("<![CDATA["), rest), bytes.HasPrefix([]byte("<!--"), rest):
		return 0, false, s.fail(s.pos, "unclosed token")
	default:
		return 0, false, s.invalid(s.pos, s.pos+2)
	}
}

// through moves behind the next occurrence of end, which is at least skip bytes
// from here.
func (s *scanner) through(end string, skip int) error {
	i := bytes.Index(s.data[min(s.pos+skip, len(s.data)):], []byte(end))
	if i < 0 {
		return s.unclosed(s.pos)
	}
	return s.finish(s.pos + skip + i + len(end))
}

// finish ends a token unless a byte in it may not be in any document.
func (s *scanner) finish(end int) error {
	if s.bad < end {
		return s.invalid(s.pos, s.bad)
	}
	s.pos = end
	return nil
}

// leave goes out of the innermost element.
func (s *scanner) leave() token {
	last := len(s.open) - 1
	s.name = s.open[last]
	s.open = s.open[:last]
	return tokenEnd
}

// unclosed is the error for a token that the document ends in.
func (s *scanner) unclosed(start int) error {
	if s.bad < len(s.data) {
		return s.invalid(start, s.bad)
	}
	return s.fail(start, "unclosed token")
}

// invalid is the error for a byte at that has no place in the token at start.
func (s *scanner) invalid(start, at int) error {
	return s.fail(start, fmt.Sprintf("Invalid token, starting %d bytes in", at-start))
}

// fail makes an error that shows the document from a place on.
func (s *scanner) fail(at int, reason string) error {
	const sampleBytes = 40
	sample := s.data[at:min(at+sampleBytes, len(s.data))]
	return &xmlError{fmt.Sprintf(`Invalid XML "content".  Problem with token at '%s...': %s`, printable(sample), reason)}
}
