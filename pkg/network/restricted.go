package network

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// arOnly begins what is restricted in address ranges.
const arOnly = "AR/"

// checkRestricted refuses, in a new network, what only administrators may say.
func checkRestricted(s Settings, c *one.Caller, t attr.Template) error {
	if name := s.Restricted.In(t); name != "" && !c.IsAdmin() {
		return notAllowed(c, "VNET Template includes a restricted attribute %s.", name)
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
	own := extra.Clone()
	own.Del("AR")
	if name := s.Restricted.Changed(base, &own, true); name != "" {
		return notAllowed(c, "Extra Template includes a restricted attribute %s.", name)
	}
	return nil
}

// notAllowed is a refusal that names the caller, as oned begins those.
func notAllowed(c *one.Caller, format string, args ...any) error {
	return asCaller(c, one.Errorf(one.CodeAuthorization, format, args...))
}
