package expr

import "strings"

// maxShown limits how many bytes of the expression or of a value are quoted.
const maxShown = 200

func (c *compare) explain(o Object) string {
	values := o.Lookup(c.path)
	if len(values) == 0 {
		return shorten(c.text) + " is false: there is no " + c.path
	}
	return shorten(c.text) + " is false: " + c.path + " is " + shorten(strings.Join(values, ", "))
}

func (n *not) explain(Object) string { return shorten(n.text) + " is false" }

// explain names the first term that is false. Alternatives joined by | are all false then.
func (c *chain) explain(o Object) string {
	failed := c.first
	if c.first.eval(o) {
		failed = nil
	}
	for _, l := range c.rest {
		if l.or {
			return "none of the choices holds: " + shorten(c.text)
		}
		if failed == nil && !l.term.eval(o) {
			failed = l.term
		}
	}
	return failed.explain(o)
}

// shorten cuts a text to about maxShown bytes, between characters.
func shorten(s string) string {
	if len(s) <= maxShown {
		return s
	}
	return strings.ToValidUTF8(s[:maxShown], "") + "…"
}
