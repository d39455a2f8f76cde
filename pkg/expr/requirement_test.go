package expr

import (
	"errors"
	"strings"
	"testing"
)

func TestRequirement(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"":     true,
		" \n ": true,
		// strings and wildcards
		`HYPERVISOR = kvm`:                true,
		`HYPERVISOR="kvm"`:                true,
		`HYPERVISOR = KVM`:                false,
		`HYPERVISOR != kvm`:               false,
		`HYPERVISOR ! = xen`:              true,
		`NAME = "kvm-*.site.org"`:         true,
		`NAME = "kvm-??.*"`:               true,
		`NAME = "kvm-[0-9][!2-9].site.*"`: true,
		`NAME != "kvm*"`:                  false,
		`EMPTY = "*"`:                     true,
		`EMPTY = ""`:                      false,
		`EMPTY != ""`:                     false,
		// numbers
		`ID = 7`:                true,
		`ID = 7.0`:              true,
		`ID = "7"`:              true,
		`ID != 8`:               true,
		`ID > -1`:               true,
		`ID < 7`:                false,
		`FREE_CPU = 350`:        true, // the integer at the start
		`FREE_CPU > 350`:        false,
		`FREE_CPU > 350.0`:      true,
		`FREE_CPU = 350.5`:      true,
		`FREE_MEM > 2147483647`: true,
		`SIZE = 10`:             true,
		`HYPERVISOR > 0`:        false,
		`HYPERVISOR != 0`:       false, // not a number
		`WORD = 5`:              true,  // the first value that is a number
		`WORD = "5"`:            false, // the first value
		// lists
		`"CLUSTERS/ID" @> 100`:   true,
		`"CLUSTERS/ID" @> 1`:     false,
		`"CLUSTERS/ID" @> "10*"`: true,
		`"CLUSTERS/ID" @ > 0.0`:  true,
		`"CLUSTERS/ID" = 100`:    false, // the first value
		`CURRENT_VMS = 9`:        true,
		`CURRENT_VMS = 4`:        false,
		`CURRENT_VMS != 9`:       false,
		`CURRENT_VMS != 4`:       true,
		// missing attributes
		`NONE = x`:     false,
		`NONE != x`:    false,
		`NONE != 1`:    false,
		`NONE @> 1`:    false,
		`!(NONE = x)`:  true,
		`! NONE = x`:   true,
		`!! NONE != x`: false,
		// chains, from left to right
		`ID=7 & HYPERVISOR=kvm`:                          true,
		`ID=7 & HYPERVISOR=xen`:                          false,
		`ID=8 | HYPERVISOR=kvm`:                          true,
		`ID=7 | ID=7 & ID=8`:                             false,
		`ID=7 | (ID=7 & ID=8)`:                           true,
		`!ID=8 & ID=8`:                                   false,
		`("CLUSTERS/ID" @> 0) & !(PIN_POLICY = PINNED)`:  true,
		"ID=7\n & HYPERVISOR=kvm;":                       true, // ignored characters
		`((((ID = 7))))`:                                 true,
		`(CLUSTER_ID = 100) & !(NAME = "gpu*" | ID = 7)`: false,
	} {
		r, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := r.Eval(host); got != want {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
}

func TestRequirementErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`ID = `:                            `syntax error at column 6: expected a number or a string, found the end`,
		`ID`:                               `syntax error at column 3: expected one of = != > < @>, found the end`,
		`= 5`:                              `syntax error at column 1: expected an attribute, ! or (, found =`,
		`7 = ID`:                           `syntax error at column 1: expected an attribute, ! or (, found 7`,
		`"" = 5`:                           `syntax error at column 1: expected the name of an attribute, found ""`,
		`ID >= 5`:                          `syntax error at column 5: there is no >= or <=, turn the other around: !(A < 5)`,
		`ID > five`:                        `syntax error at column 6: expected a number, found "five"`,
		`ID = -x`:                          `syntax error at column 7: expected a number, found "x"`,
		`ID @ 5`:                           `syntax error at column 6: expected >, found 5`,
		`ID ! 5`:                           `syntax error at column 6: expected =, found 5`,
		`ID = 5 ID = 6`:                    `syntax error at column 8: expected & or |, found "ID"`,
		`(ID = 5`:                          `syntax error at column 8: expected & or | or ), found the end`,
		`ID = 5 &`:                         `syntax error at column 9: expected an attribute, ! or (, found the end`,
		`NAME = host-1`:                    `syntax error at column 12: expected & or |, found -`,
		`CLUSTERS/ID=1`:                    `syntax error at column 9: expected one of = != > < @>, found /`,
		`ID = ` + strings.Repeat("9", 400): `syntax error at column 6: the number is too large`,
		strings.Repeat("(", 5000):          `syntax error at column 201: nested too deep, use fewer parentheses`,
		strings.Repeat("!", 5000) + `A=1`:  `syntax error at column 201: nested too deep, use fewer parentheses`,
	} {
		_, err := Parse(text)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || err.Error() != want {
			t.Errorf("%.40s:\n got %v\nwant %s", text, err, want)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                                 ``,
		`ID = 7`:                           ``,
		`ID = 8`:                           `ID = 8 is false: ID is 7`,
		`"CLUSTERS/ID" @> 5`:               `"CLUSTERS/ID" @> 5 is false: CLUSTERS/ID is 0, 100`,
		`GPU = "a100"`:                     `GPU = "a100" is false: there is no GPU`,
		`!(ID = 7)`:                        `!(ID = 7) is false`,
		`ID = 7 & FREE_CPU > 400 & ID = 9`: `FREE_CPU > 400 is false: FREE_CPU is 350.5`,
		`(ID = 7) & (ID = 1 | ID = 2)`:     `none of the choices holds: ID = 1 | ID = 2`,
		`NAME = "` + strings.Repeat("é", 200) + `"`: `NAME = "` + strings.Repeat("é", 96) + `… is false: NAME is kvm-01.site.org`,
	} {
		r, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Explain(host); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestLeadingNumber(t *testing.T) {
	t.Parallel()
	type answer struct {
		Number float64
		OK     bool
	}
	for text, want := range map[string]answer{
		" 12 GB": {12, true}, "+5": {5, true}, "-5.25x": {-5.25, true}, "1e3": {1000, true}, "1E-2%": {0.01, true},
		"2e+1": {20, true}, "3e": {3, true}, "3e+": {3, true}, ".5": {0.5, true}, "": {}, "-": {}, "x": {},
	} {
		var got answer
		if got.Number, got.OK = leadingNumber(text, false); got.OK != want.OK || got.OK && got != want {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
}

// Long chains need no stack.
func TestLongChain(t *testing.T) {
	t.Parallel()
	const terms = 100_000
	r, err := Parse("ID = 1" + strings.Repeat(" | ID = 7", terms))
	if err != nil || !r.Eval(host) {
		t.Errorf("%d terms: %v, %v", terms, r.Eval(host), err)
	}
}
