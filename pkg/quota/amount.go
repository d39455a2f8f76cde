package quota

import (
	"math"
	"strconv"
	"strings"
)

// Amount is a limit or a usage, in hundredths: CPUs come in fractions, and what
// is charged must be what is refunded.
type Amount int64

// Limits that are no numbers.
const (
	Default   Amount = -1 * hundredths // what the defaults say
	Unlimited Amount = -2 * hundredths
)

const (
	hundredths = 100
	// most is beyond any limit that somebody could mean, and leaves room to
	// add up.
	most = math.MaxInt64 / 4 / hundredths * hundredths
)

// whole is an amount of n.
func whole(n int64) Amount {
	return Amount(max(min(n, most/hundredths), -most/hundredths)) * hundredths
}

// fraction is an amount of f, to two decimals as oned keeps it.
func fraction(f float64) Amount {
	switch f *= hundredths; {
	case f >= most:
		return most
	case f <= -most:
		return -most
	}
	return Amount(math.Round(f))
}

// String writes whole numbers without decimals and others with two.
func (a Amount) String() string {
	if a%hundredths == 0 {
		return strconv.FormatInt(int64(a/hundredths), 10)
	}
	return strconv.FormatFloat(float64(a)/hundredths, 'f', 2, 64)
}

// short writes an amount as oned's messages do: six digits of it.
func (a Amount) short() string { return strconv.FormatFloat(float64(a)/hundredths, 'g', 6, 64) }

// parseAmount reads a number as oned does; ok is false for what is none.
func parseAmount(text string) (a Amount, ok bool) {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return fraction(f), err == nil
}
