package expr

import (
	"strings"
	"testing"
)

func TestRank(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		``:                      0,
		`5`:                     5,
		`- 5`:                   -5,
		`ID`:                    7,
		`"CLUSTERS/ID"`:         0,
		`NONE`:                  0,
		`HYPERVISOR`:            0,
		`WORD`:                  5,
		`SIZE`:                  10,
		`FREE_CPU`:              350.5,
		`FREE_CPU - 0.5`:        350,
		`FREE_CPU-50`:           300.5,
		`1 + 2 * 3`:             7,
		`(1 + 2) * 3`:           9,
		`10 - 3 - 2`:            5,
		`100 / 10 / 2`:          5,
		`2 * -3`:                -6,
		`8 / - ID * 2`:          -8.0 / 14,
		`8 / -4 * 2`:            -4,
		`-ID * 2 + 1`:           -13,
		`- (ID + 1)`:            -8,
		`ID / NONE`:             Last,
		`NONE / NONE`:           Last,
		`FREE_MEM * 2 + ID / 2`: 16777216003.5,
		"ID\n+ 1;":              8,
	} {
		r, err := ParseRank(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := r.Eval(host); got != want {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
}

func TestRankErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`ID +`:                            `syntax error at column 5: expected a number, an attribute, - or (, found the end`,
		`ID 5`:                            `syntax error at column 4: expected one of + - * /, found 5`,
		`(ID`:                             `syntax error at column 4: expected one of + - * / ), found the end`,
		`ID ^ 2`:                          `syntax error at column 4: expected one of + - * /, found ^`,
		`ID = 7`:                          `syntax error at column 4: expected one of + - * /, found =`,
		`1 + ` + strings.Repeat("9", 400): `syntax error at column 5: the number is too large`,
		strings.Repeat("-", 5000) + "1":   `syntax error at column 201: nested too deep, use fewer parentheses`,
	} {
		if _, err := ParseRank(text); err == nil || err.Error() != want {
			t.Errorf("%.40s:\n got %v\nwant %s", text, err, want)
		}
	}
}
