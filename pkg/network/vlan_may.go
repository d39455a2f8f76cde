package network

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// vlanKeys are the attributes of networks and address ranges that name VLANs,
// in the order in which they are checked.
var vlanKeys = [...]struct {
	key   string
	scope group.Scope
}{
	{"VLAN_ID", group.ScopeVLAN},
	{"CVLANS", group.ScopeCVLAN},
	{"VLAN_TAGGED_ID", group.ScopeTagged},
	{"OUTER_VLAN_ID", group.ScopeOuter},
}

// MayUseVLANs refuses VLANs that the rules of the caller's groups do not let a
// network have. template is what the network is made from, None if from none
// (SharedAPI::validate_vlan_auth).
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

// mayUseIn checks the VLANs that a network, or a range of it, names.
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

// asksVLAN tells whether a VLAN ID is to be chosen for the network.
func asksVLAN(t attr.Template) bool {
	auto, _ := t.Bool("AUTOMATIC_VLAN_ID")
	outer, _ := t.Bool("AUTOMATIC_OUTER_VLAN_ID")
	return auto || outer
}
