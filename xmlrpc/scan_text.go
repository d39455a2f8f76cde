package xmlrpc

import (
	"bytes"
	"unicode/utf8"
)

// characters reads text up to the next markup.
func (s *scanner) characters() error {
	end := bytes.IndexByte(s.data[s.pos:], '<')
	if end < 0 {
		end = len(s.data)
	} else {
		end += s.pos
	}
	if s.bad < end {
		return s.invalid(s.bad, s.bad)
	}
	raw := s.data[s.pos:end]
	if i := bytes.IndexByte(raw, ']'); i >= 0 {
		if i := bytes.Index(raw[i:], []byte("]]>")); i >= 0 {
			return s.fail(s.pos, `"]]>" outside of a CDATA section`)
		}
	}
	if bytes.IndexByte(raw, '&') < 0 {
		s.text = s.normalised(raw)
	} else if err := s.expand(raw); err != nil {
		return err
	}
	s.pos = end
	return nil
}

// normalised turns line ends into newlines, as XML requires.
func (s *scanner) normalised(raw []byte) []byte {
	if bytes.IndexByte(raw, '\r') < 0 {
		return raw
	}
	from := len(s.scratch)
	s.scratch = appendNormalised(s.scratch, raw)
	return s.scratch[from:]
}

func appendNormalised(dst, raw []byte) []byte {
	for {
		i := bytes.IndexByte(raw, '\r')
		if i < 0 {
			return append(dst, raw...)
		}
		dst = append(append(dst, raw[:i]...), '\n')
		raw = bytes.TrimPrefix(raw[i+1:], []byte("\n"))
	}
}

// expand replaces the references in raw, which starts at s.pos.
func (s *scanner) expand(raw []byte) error {
	from := len(s.scratch)
	at := s.pos
	for {
		i := bytes.IndexByte(raw, '&')
		if i < 0 {
			s.scratch = appendNormalised(s.scratch, raw)
			s.text = s.scratch[from:]
			return nil
		}
		s.scratch = appendNormalised(s.scratch, raw[:i])
		n, err := s.reference(raw[i:], at+i)
		if err != nil {
			return err
		}
		at, raw = at+i+n, raw[i+n:]
	}
}

// reference appends the character for the reference at the start of ref, and returns the
// reference's length.
func (s *scanner) reference(ref []byte, at int) (int, error) {
	end := 1
	for end < len(ref) && (nameMore[ref[end]] || nameStart[ref[end]] || ref[end] == '#' && end == 1) {
		end++
	}
	switch {
	case at+end == len(s.data):
		return 0, s.fail(at, "unclosed token")
	case end == 1 || ref[min(end, len(ref)-1)] != ';':
		return 0, s.invalid(at, at+end)
	case ref[1] == '#':
		return end + 1, s.number(ref[2:end], at)
	}
	c, ok := predefined(ref[1:end])
	if !ok {
		return 0, s.fail(at, "undefined entity")
	}
	s.scratch = append(s.scratch, c)
	return end + 1, nil
}

// predefined returns the character of a predefined entity.
func predefined(name []byte) (byte, bool) {
	switch string(name) {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	default:
		return 0, false
	}
}

// number appends the character of a reference like &#65; or &#x41;.
func (s *scanner) number(digits []byte, at int) error {
	base := rune(10)
	if len(digits) > 0 && digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	if len(digits) == 0 {
		return s.invalid(at, at+2)
	}
	r := rune(0)
	for i, c := range digits {
		d := digit(c)
		if d >= base {
			return s.invalid(at, at+2+i)
		}
		r = min(r*base+d, utf8.MaxRune+1) // one more than the maximum is enough, and cannot overflow
	}
	if !allowed(r) {
		return s.fail(at, "reference to invalid character number")
	}
	s.scratch = utf8.AppendRune(s.scratch, r)
	return nil
}

// digit returns the value of a hexadecimal digit, or 16.
func digit(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	default:
		return 16
	}
}
