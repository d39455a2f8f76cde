package xsd

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// lexical has the checks of the built-in simple types.
var lexical = map[string]func(string) bool{
	"string":  func(string) bool { return true },
	"integer": integer.MatchString,
	"decimal": decimal.MatchString,
	"float":   isFloat,
	"long":    isLong,
}

var (
	integer = regexp.MustCompile(`^[+-]?[0-9]+$`)
	decimal = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$`)
	float   = regexp.MustCompile(`^([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|-?INF|NaN)$`)
)

func isFloat(s string) bool { return float.MatchString(s) }

func isLong(s string) bool {
	_, err := strconv.ParseInt(s, 10, 64)
	return err == nil
}

// check answers what is wrong with a value of a simple type, or "".
func (d *definition) check(text string) string {
	if d.base != "string" { // all others collapse white space first
		text = strings.Join(strings.FieldsFunc(text, isSpace), " ")
	}
	if !lexical[d.base](text) {
		return fmt.Sprintf("%q is no %s", text, d.base)
	}
	if len(d.enum) > 0 && !slices.Contains(d.enum, text) {
		return fmt.Sprintf("%q is none of %s", text, strings.Join(d.enum, ", "))
	}
	if len(d.patterns) > 0 && !slices.ContainsFunc(d.patterns, func(re *regexp.Regexp) bool { return re.MatchString(text) }) {
		return fmt.Sprintf("%q does not match the pattern %s", text, d.patterns[0])
	}
	return ""
}

// isSpace matches the four white space characters of XML.
func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
