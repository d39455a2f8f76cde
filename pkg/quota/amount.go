package quota

import (
	"math"
	"strconv"
	"strings"
)

// Amount is a limit or a usage, in hundredths: CPUs can be fractions, and with integers a
// refund is exactly what was charged.
type Amount int64

// Special limits.
const (
	Default   Amount = -1 * hundredths // the default limit applies
	Unlimited Amount = -2 * hundredths
)

const (
	hundredths = 100
	// most is larger than any sensible limit, and small enough that sums do not overflow.
	most = math.MaxInt64 / 4 / hundredths * hundredths
)

// whole is n as an amount.
func whole(n int64) Amount {
	return Amount(max(min(n, most/hundredths), -most/hundredths)) * hundredths
}

// fraction is f as an amount, rounded to two decimals like oned's.
func fraction(f float64) Amount {
	switch f *= hundredths; {
	case f >= most:
		return most
	case f <= -most:
		return -most
	}
	return Amount(math.Round(f))
}

// String writes integers without decimals, and other amounts with two.
func (a Amount) String() string {
	if a%hundredths == 0 {
		return strconv.FormatInt(int64(a/hundredths), 10)
	}
	return strconv.FormatFloat(float64(a)/hundredths, 'f', 2, 64)
}

// short writes an amount with six significant digits, as in oned's error texts.
func (a Amount) short() string { return strconv.FormatFloat(float64(a)/hundredths, 'g', 6, 64) }

// parseAmount parses a number as oned does.
func parseAmount(text string) (a Amount, ok bool) {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return fraction(f), err == nil
}
