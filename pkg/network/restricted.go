package network

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// arOnly is the prefix of restricted attributes of address ranges.
const arOnly = "AR/"

// checkRestricted refuses restricted attributes in a new network, unless the caller is an
// administrator.
func checkRestricted(s Settings, c *one.Caller, t attr.Template) error {
	if name := s.Restricted.In(t); name != "" && !c.IsAdmin() {
		return notAllowed(c, "VNET Template includes a restricted attribute %s.", name)
	}
	return nil
}

// checkRestrictedAR does the same for an address range.
func checkRestrictedAR(s Settings, c *one.Caller, ar *attr.Attr) error {
	if key := restrictedIn(s, ar); key != "" && !c.IsAdmin() {
		return notAllowed(c, "AR includes a restricted attribute %s.", key)
	}
	return nil
}

// restrictedIn returns the name of the first restricted attribute in a range.
func restrictedIn(s Settings, ar *attr.Attr) string {
	for _, name := range s.Restricted {
		if key := strings.TrimPrefix(name, arOnly); ar.Has(key) {
			return key
		}
	}
	return ""
}

// CheckExtra refuses restricted attributes in what a user adds to a network template: those in
// address ranges, and values that differ from the template's (VNTemplateAPI::merge).
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

// notAllowed is an authorization error that names the caller, as oned's do.
func notAllowed(c *one.Caller, format string, args ...any) error {
	return asCaller(c, one.Errorf(one.CodeAuthorization, format, args...))
}
