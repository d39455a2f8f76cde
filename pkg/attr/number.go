package attr

import (
	"strconv"
	"strings"
)

// blanks are the characters that C++ streams and oned's trim take for space.
const blanks = " \t\n\v\f\r"

// parseInt reads a number as oned does: blanks may stand before it, nothing
// may follow it.
func parseInt(s string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimLeft(s, blanks))
	return n, err == nil
}

// parseFloat reads a decimal number as oned does. Go's hexadecimal numbers,
// underscores, infinities and NaN are no numbers to it.
func parseFloat(s string) (float64, bool) {
	s = strings.TrimLeft(s, blanks)
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
