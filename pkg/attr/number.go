package attr

import (
	"strconv"
	"strings"
)

// blanks are the white space characters of C++ streams and oned's trim.
const blanks = " \t\n\v\f\r"

// parseInt parses an integer as oned does: blanks are allowed before it, and nothing after it.
func parseInt(s string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimLeft(s, blanks))
	return n, err == nil
}

// parseFloat parses a decimal number as oned does, without Go's hexadecimal numbers,
// underscores, infinities and NaN.
func parseFloat(s string) (float64, bool) {
	s = strings.TrimLeft(s, blanks)
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
