package expr

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn is an expression and its value for host according to a simple evaluator.
type drawn[T any] struct {
	text string
	want T
}

// drawTerm draws a requirement of limited depth, and computes its value meanwhile.
func drawTerm(t *rapid.T, depth int) drawn[bool] {
	switch form := rapid.IntRange(0, 3).Draw(t, "form"); {
	case form == 0 && depth > 0:
		d := drawTerm(t, depth-1)
		return drawn[bool]{"!" + d.text, !d.want}
	case form == 1 && depth > 0:
		d := drawChain(t, depth-1)
		return drawn[bool]{"(" + d.text + ")", d.want}
	case form == 2:
		n := rapid.IntRange(-2, 12).Draw(t, "number")
		op := rapid.SampledFrom([]string{"=", "!=", "<", ">"}).Draw(t, "operator")
		want := map[string]bool{"=": 7 == n, "!=": 7 != n, "<": 7 < n, ">": 7 > n}[op]
		return drawn[bool]{fmt.Sprintf("ID %s %d", op, n), want}
	}
	word := rapid.SampledFrom([]string{"kvm", "k*", "?vm", "x*"}).Draw(t, "word")
	return drawn[bool]{fmt.Sprintf("HYPERVISOR=%q", word), word != "x*"}
}

func drawChain(t *rapid.T, depth int) drawn[bool] {
	c := drawTerm(t, depth)
	for range rapid.IntRange(0, 4).Draw(t, "links") {
		next := drawTerm(t, depth)
		if rapid.Bool().Draw(t, "or") {
			c = drawn[bool]{c.text + " | " + next.text, c.want || next.want}
		} else {
			c = drawn[bool]{c.text + "&" + next.text, c.want && next.want}
		}
	}
	return c
}

func TestRequirementAgainstModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawChain(t, 4)
		r, err := Parse(d.text)
		if err != nil {
			t.Fatalf("%s: %v", d.text, err)
		}
		if got := r.Eval(host); got != d.want {
			t.Errorf("%s is %v, want %v", d.text, got, d.want)
		}
		if why := r.Explain(host); (why == "") != d.want {
			t.Errorf("%s is %v, explained by %q", d.text, d.want, why)
		}
	})
}

// drawSum draws a rank, as a sum of products, so that the model applies operators in the right
// order.
func drawSum(t *rapid.T, depth int) drawn[float64] {
	s := drawProduct(t, depth)
	for range rapid.IntRange(0, 3).Draw(t, "terms") {
		next := drawProduct(t, depth)
		if rapid.Bool().Draw(t, "minus") {
			s = drawn[float64]{s.text + " - " + next.text, s.want - next.want}
		} else {
			s = drawn[float64]{s.text + "+" + next.text, s.want + next.want}
		}
	}
	return s
}

func drawProduct(t *rapid.T, depth int) drawn[float64] {
	p := drawFactor(t, depth)
	for range rapid.IntRange(0, 3).Draw(t, "factors") {
		next := drawFactor(t, depth)
		if next.want != 0 && rapid.Bool().Draw(t, "divide") {
			p = drawn[float64]{p.text + "/" + next.text, p.want / next.want}
		} else {
			p = drawn[float64]{p.text + " * " + next.text, p.want * next.want}
		}
	}
	return p
}

func drawFactor(t *rapid.T, depth int) drawn[float64] {
	switch form := rapid.IntRange(0, 2).Draw(t, "form"); {
	case form == 0 && depth > 0:
		d := drawSum(t, depth-1)
		return drawn[float64]{"(" + d.text + ")", d.want}
	case form == 1:
		return drawn[float64]{"ID", 7}
	}
	n := rapid.IntRange(-9, 9).Draw(t, "number")
	return drawn[float64]{fmt.Sprint(n), float64(n)}
}

func TestRankAgainstModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawSum(t, 3)
		r, err := ParseRank(d.text)
		if err != nil {
			t.Fatalf("%s: %v", d.text, err)
		}
		if got := r.Eval(host); got != d.want {
			t.Errorf("%s is %v, want %v", d.text, got, d.want)
		}
	})
}

// Patterns are compared with equivalent regular expressions.
func TestMatchAgainstRegexp(t *testing.T) {
	t.Parallel()
	parts := map[string]string{"*": "(?s:.*)", "?": "(?s:.)", "[a-c]": "[a-c]", "[!a]": "[^a]", `\*`: `\*`,
		"[[:digit:]x]": "[0-9x]", "[]]": `\]`, "a": "a", "b": "b", "é": "é", "/": "/"}
	names := []string{"*", "?", "[a-c]", "[!a]", `\*`, "[[:digit:]x]", "[]]", "a", "b", "é", "/"}
	rapid.Check(t, func(t *rapid.T) {
		var pattern, re strings.Builder
		for _, n := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 6).Draw(t, "pattern") {
			pattern.WriteString(n)
			re.WriteString(parts[n])
		}
		s := rapid.StringOfN(rapid.SampledFrom([]rune("abcé/*1]")), 0, 6, -1).Draw(t, "text")
		want := regexp.MustCompile("^" + re.String() + "$").MatchString(s)
		if got := match(pattern.String(), s); got != want {
			t.Errorf("match(%q, %q) = %v, want %v", pattern.String(), s, got, want)
		}
	})
}

func TestMatchOddities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"[a", "[a", true}, // not closed, so not a set
		{"[!", "[!", true},
		{`a\`, `a\`, false}, // a backslash without a character
		{"[a-]", "-", true},
		{"[z-a]", "m", false},
		{`[\]]`, "]", true},
		{"[[:nothing:]]", "n", false},
		{"[^a]", "b", true},
		{"*", "", true},
		{"?", "", false},
		{strings.Repeat("*a", 40), strings.Repeat("a", 2000) + "b", false}, // must be fast
	} {
		if got := match(c.pattern, c.text); got != c.want {
			t.Errorf("match(%q, %q) = %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}

func TestClasses(t *testing.T) {
	t.Parallel()
	for class, member := range map[string]string{"lower": "a", "upper": "A", "alpha": "z", "digit": "0", "alnum": "9",
		"xdigit": "f", "graph": "~", "print": " ", "punct": "!", "blank": "\t", "space": "\n", "cntrl": "\x7f"} {
		if !match("[[:"+class+":]]", member) || match("[![:"+class+":]]", member) || match("[[:"+class+":]]", "é") {
			t.Errorf("%q is not matched as [:%s:]", member, class)
		}
	}
}
