package network

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// vlanKeys are the VLAN attributes of networks and address ranges, in the order of the checks.
var vlanKeys = [...]struct {
	key   string
	scope group.Scope
}{
	{"VLAN_ID", group.ScopeVLAN},
	{"CVLANS", group.ScopeCVLAN},
	{"VLAN_TAGGED_ID", group.ScopeTagged},
	{"OUTER_VLAN_ID", group.ScopeOuter},
}

// MayUseVLANs refuses VLAN IDs that the caller's groups may not use. template is the ID of the
// network template, or None (SharedAPI::validate_vlan_auth).
func MayUseVLANs(r store.Reader, c *one.Caller, t attr.Template, template int) error {
	if c.IsAdmin() {
		return nil
	}
	if template != None && asksVLAN(t) && group.RulesVLANs(r, c, template) {
		return notAllowed(c, "Automatic selection of VLAN ID cannot be used with VLAN rules scoped to the VN Template.")
	}
	if err := mayUseIn(r, c, t.Get, template); err != nil {
		return err
	}
	for _, ar := range t.Vectors("AR") {
		if err := mayUseIn(r, c, ar.Get, template); err != nil {
			return err
		}
	}
	return nil
}

// mayUseIn checks the VLAN IDs of a network or of an address range.
func mayUseIn(r store.Reader, c *one.Caller, get func(key string) string, template int) error {
	for _, v := range vlanKeys {
		if text := get(v.key); text != "" {
			if err := group.MayUseVLANs(r, c, v.scope, text, template); err != nil {
				return asCaller(c, err)
			}
		}
	}
	return nil
}

// asksVLAN reports whether the template asks for automatic VLAN IDs.
func asksVLAN(t attr.Template) bool {
	auto, _ := t.Bool("AUTOMATIC_VLAN_ID")
	outer, _ := t.Bool("AUTOMATIC_OUTER_VLAN_ID")
	return auto || outer
}
