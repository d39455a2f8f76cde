package xmlrpc

import (
	"bytes"
	"encoding/base64"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// parseInt parses <i4> as strictly as xmlrpc-c, with the checks in the same order.
func parseInt(s string) (any, error) {
	if s == "" {
		return nil, parseFault("<int> XML element content is empty")
	}
	if startsWithSpace(s) {
		return nil, parseFault("<int> content '%s' starts with white space", s)
	}
	end := integerEnd(s)
	n, err := strconv.ParseInt(s[:end], 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return nil, parseFault("<int> XML element value '%s' represents a number beyond the range that XML-RPC allows (%d - %d)", s, math.MinInt32, math.MaxInt32)
	case n < math.MinInt32:
		return nil, parseFault("<int> value %d is below the range allowed by XML-RPC (minimum is %d)", n, math.MinInt32)
	case n > math.MaxInt32:
		return nil, parseFault("<int> value %d is above the range allowed by XML-RPC (maximum is %d)", n, math.MaxInt32)
	case end < len(s) || err != nil:
		return nil, parseFault("<int> value '%s' contains non-numerical junk: '%s'", s, s[end:])
	}
	return int32(n), nil
}

// parseInt8 parses <i8>.
func parseInt8(s string) (any, error) {
	if s == "" {
		return nil, parseFault("<i8> XML element content is empty")
	}
	if startsWithSpace(s) {
		return nil, parseFault("<i8> content '%s' starts with white space", s)
	}
	end := integerEnd(s)
	n, err := strconv.ParseInt(s[:end], 10, 64)
	const invalid = "<i8> XML element value '%s' is invalid because it does not represent a 64 bit integer.  "
	switch {
	case errors.Is(err, strconv.ErrRange):
		return nil, parseFault(invalid+"Number cannot be represented in 64 bits.  Must be in the range [%d - %d]", s, math.MinInt64, math.MaxInt64)
	case end < len(s) || err != nil:
		return nil, parseFault(invalid+"contains non-numerical junk: '%s'", s, s[end:])
	}
	return n, nil
}

// startsWithSpace is C's isspace for the first character.
func startsWithSpace(s string) bool { return strings.IndexByte(" \t\n\v\f\r", s[0]) >= 0 }

// integerEnd returns the length of the integer at the start of s, or 0.
func integerEnd(s string) int {
	start := 0
	if s[0] == '+' || s[0] == '-' {
		start = 1
	}
	end := start
	for end < len(s) && '0' <= s[end] && s[end] <= '9' {
		end++
	}
	if end == start {
		return 0
	}
	return end
}

func parseBool(s string) (any, error) {
	switch s {
	case "0":
		return false, nil
	case "1":
		return true, nil
	default:
		return nil, parseFault("<boolean> XML element content must be either '0' or '1' according to XML-RPC.  This one has '%s'", s)
	}
}

// parseDouble also accepts exponents, which XML-RPC does not have but clients send.
func parseDouble(s string) (any, error) {
	number := strings.TrimLeft(s, " \t\n\v\f\r")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || strings.Trim(number, "0123456789+-.eE") != "" || math.IsInf(n, 0) {
		return nil, parseFault("<double> element value '%s' is not a valid floating point number.  %s", s, doubleFlaw(s))
	}
	return n, nil
}

// doubleFlaw describes the first character of s that XML-RPC's number format does not allow.
func doubleFlaw(s string) string {
	digits := strings.TrimPrefix(strings.TrimPrefix(s, "-"), "+")
	switch i := strings.IndexFunc(digits, func(r rune) bool { return (r < '0' || r > '9') && r != '.' }); {
	case strings.Count(digits, ".") > 1 && i < 0:
		return "Two decimal points"
	case i >= 0:
		return "Garbage (not sign, digit, or period) starting at '" + digits[i:] + "'"
	case strings.Trim(digits, ".") == "":
		return "No digits"
	default:
		return "Value exceeds the size allowed by XML-RPC"
	}
}

// parseDateTime parses the forms of ISO 8601 that clients send. Without a time zone, it is UTC.
func parseDateTime(s string) (any, error) {
	for _, layout := range []string{
		"20060102T15:04:05", "20060102T150405", "2006-01-02T15:04:05", // fractions of a second are always accepted
		"20060102T15:04:05Z07:00", "20060102T150405Z07:00", "2006-01-02T15:04:05Z07:00",
		"20060102T15:04:05Z0700", "20060102T150405Z0700", "2006-01-02T15:04:05Z0700",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return nil, parseFault("value '%s' is not of any form we recognize for a <dateTime.iso8601> element", s)
}

// parseBase64 ignores white space, and accepts data without padding.
func parseBase64(text []byte) (any, error) {
	compact := make([]byte, 0, len(text))
	for _, c := range text {
		if !isSpace(c) {
			compact = append(compact, c)
		}
	}
	const mostPadding = 2
	for range mostPadding {
		compact = bytes.TrimSuffix(compact, []byte("="))
	}
	out, err := base64.RawStdEncoding.AppendDecode([]byte{}, compact)
	if err != nil {
		return nil, parseFault("<base64> element is not valid base64 data: %v", err)
	}
	return out, nil
}
