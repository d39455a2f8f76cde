package network

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// arOnly begins what is restricted in address ranges.
const arOnly = "AR/"

// checkRestricted refuses, in a new network, what only administrators may say.
func checkRestricted(s Settings, c *one.Caller, t attr.Template) error {
	if c.IsAdmin() {
		return nil
	}
	for _, name := range s.Restricted {
		key, ofAR := strings.CutPrefix(name, arOnly)
		if !ofAR && t.Has(name) || ofAR && anyHas(t.Vectors("AR"), key) {
			return notAllowed(c, "VNET Template includes a restricted attribute %s.", key)
		}
	}
	return nil
}

// checkRestrictedAR refuses the same in an address range.
func checkRestrictedAR(s Settings, c *one.Caller, ar *attr.Attr) error {
	if key := restrictedIn(s, ar); key != "" && !c.IsAdmin() {
		return notAllowed(c, "AR includes a restricted attribute %s.", key)
	}
	return nil
}

// restrictedIn names a restricted attribute of a range.
func restrictedIn(s Settings, ar *attr.Attr) string {
	for _, name := range s.Restricted {
		if key := strings.TrimPrefix(name, arOnly); ar.Has(key) {
			return key
		}
	}
	return ""
}

// keepRestricted puts back what only administrators may change, and refuses
// another value for it (Template::check_restricted).
func keepRestricted(s Settings, c *one.Caller, old, t *attr.Template, appended bool) error {
	if c.IsAdmin() {
		return nil
	}
	for _, name := range s.Restricted {
		was, had := old.Lookup(name)
		is, has := t.Lookup(name)
		switch {
		case !has && had:
			t.Set(name, was)
		case !has || was == is: // nothing was changed
		case appended:
			return wrong("User Template includes a restricted attribute %s", name)
		default:
			return wrong("Tried to change restricted attribute: %s", name)
		}
	}
	return nil
}

// KeepRestricted is keepRestricted for network templates, which keep their
// address ranges: what is restricted in these may not change either.
func KeepRestricted(s Settings, c *one.Caller, old, t *attr.Template, appended bool) error {
	was, is := restrictedInRanges(s, *old), restrictedInRanges(s, *t)
	if !c.IsAdmin() && !slices.Equal(was, is) && (len(is) > 0 || !appended) {
		if appended {
			return wrong("User Template includes a restricted attribute AR")
		}
		return wrong("Tried to change restricted attribute: AR")
	}
	return keepRestricted(s, c, old, t, appended)
}

// restrictedInRanges lists the values in ranges that only administrators give.
func restrictedInRanges(s Settings, t attr.Template) (values []string) {
	for _, ar := range t.Vectors("AR") {
		for _, name := range s.Restricted {
			if key, ofAR := strings.CutPrefix(name, arOnly); ofAR && ar.Has(key) {
				values = append(values, key+"="+ar.Get(key))
			}
		}
	}
	return values
}

// CheckExtra refuses what only administrators may add to a network that is made
// from a template: anything restricted in a range, and another value for what
// the template says (VNTemplateAPI::merge).
func CheckExtra(s Settings, c *one.Caller, base, extra attr.Template) error {
	if c.IsAdmin() {
		return nil
	}
	for _, ar := range extra.Vectors("AR") {
		if key := restrictedIn(s, ar); key != "" {
			return notAllowed(c, "Extra Template includes a restricted attribute AR/%s.", key)
		}
	}
	for _, name := range s.Restricted {
		if is, has := extra.Lookup(name); has && is != base.Get(name) {
			return notAllowed(c, "Extra Template includes a restricted attribute %s.", name)
		}
	}
	return nil
}

func anyHas(vectors []*attr.Attr, key string) bool {
	for _, v := range vectors {
		if v.Has(key) {
			return true
		}
	}
	return false
}

// notAllowed is a refusal that names the caller, as oned begins those.
func notAllowed(c *one.Caller, format string, args ...any) error {
	return asCaller(c, one.Errorf(one.CodeAuthorization, format, args...))
}
