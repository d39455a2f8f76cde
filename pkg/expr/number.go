package expr

import (
	"strconv"
	"strings"
)

// number reads a number, and reports whether it was written as an integer.
func (p *parser) number() (n float64, whole bool, err error) {
	text := p.tok.text
	if n, err = strconv.ParseFloat(text, 64); err != nil {
		return 0, false, &SyntaxError{Column: p.tok.start + 1, Msg: "the number is too large"}
	}
	p.advance()
	return n, countFunc(text, isDigit) == len(text), nil
}

// leadingNumber reads the number at the start of a value like a C++ stream: "10 GB" is 10, and
// the integer in "10.5" is 10.
func leadingNumber(s string, whole bool) (float64, bool) {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	n := 0
	if n < len(s) && (s[n] == '-' || s[n] == '+') {
		n++
	}
	n += countFunc(s[n:], isDigit)
	if !whole {
		n += fractionLen(s[n:])
	}
	f, err := strconv.ParseFloat(s[:n], 64)
	return f, err == nil
}

// fractionLen returns the length of a fraction and an exponent at the start of s.
func fractionLen(s string) int {
	n := 0
	if n < len(s) && s[n] == '.' {
		n += 1 + countFunc(s[1:], isDigit)
	}
	if n == len(s) || s[n] != 'e' && s[n] != 'E' {
		return n
	}
	sign := 1
	if n+1 < len(s) && (s[n+1] == '-' || s[n+1] == '+') {
		sign = 2
	}
	if digits := countFunc(s[min(len(s), n+sign):], isDigit); digits > 0 {
		n += sign + digits
	}
	return n
}
