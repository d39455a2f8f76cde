package xmlrpc

import (
	"bytes"
	"fmt"
)

// token is a part of an XML document that matters for XML-RPC.
type token uint8

const (
	tokenStart token = iota // name in scanner.name; attributes are ignored
	tokenEnd                // name in scanner.name
	tokenText               // in scanner.text
	tokenEOF                // the document is complete and well-formed
)

// scanner splits an XML document into tokens. The document is in UTF-8 (see toUTF8). There are
// no document types, and so only the five predefined entities; nothing outside of the document
// is ever read.
type scanner struct {
	data    []byte
	pos     int       // where the next token starts
	bad     int       // offset of the first byte that no document may contain; len(data) if there is none
	begun   bool      // the root element has begun
	closing bool      // the last tag was <x/>; its end is the next token
	stopped bool      // too deep to continue
	open    [][]byte  // names of the open elements
	room    [8][]byte // memory for open, enough for most calls
	maxOpen int
	name    []byte
	text    []byte // valid until scratch is reset
	scratch []byte // texts that are not the same as in the document
}

// xmlError says why a document is not XML, with expat's texts.
type xmlError struct{ reason string }

func (e *xmlError) Error() string { return e.reason }

func newScanner(data []byte, maxOpen int) scanner {
	return scanner{data: data, bad: firstBad(data), maxOpen: maxOpen}
}

// next reads the next token. Comments and processing instructions are skipped.
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

// outside skips white space before and after the root element and reports whether the document
// ends there.
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

// markup reads what starts with '<'. some is false for what XML-RPC ignores.
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

// declaration skips comments, reads CDATA sections, and refuses anything else: XML-RPC needs no
// document types, which can contain entity expansion attacks.
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

// through moves to the position after the next occurrence of end, which is at least skip bytes
// ahead.
func (s *scanner) through(end string, skip int) error {
	i := bytes.Index(s.data[min(s.pos+skip, len(s.data)):], []byte(end))
	if i < 0 {
		return s.unclosed(s.pos)
	}
	return s.finish(s.pos + skip + i + len(end))
}

// finish ends a token, unless it contains an invalid byte.
func (s *scanner) finish(end int) error {
	if s.bad < end {
		return s.invalid(s.pos, s.bad)
	}
	s.pos = end
	return nil
}

// leave leaves the innermost element.
func (s *scanner) leave() token {
	last := len(s.open) - 1
	s.name = s.open[last]
	s.open = s.open[:last]
	return tokenEnd
}

// unclosed is the error if the document ends within a token.
func (s *scanner) unclosed(start int) error {
	if s.bad < len(s.data) {
		return s.invalid(start, s.bad)
	}
	return s.fail(start, "unclosed token")
}

// invalid is the error for an unexpected byte in the token at start.
func (s *scanner) invalid(start, at int) error {
	return s.fail(start, fmt.Sprintf("Invalid token, starting %d bytes in", at-start))
}

// fail makes an error that quotes the document at a position.
func (s *scanner) fail(at int, reason string) error {
	const sampleBytes = 40
	sample := s.data[at:min(at+sampleBytes, len(s.data))]
	return &xmlError{fmt.Sprintf(`Invalid XML "content".  Problem with token at '%s...': %s`, printable(sample), reason)}
}
