// Package vmgroup is the noun VM group: roles, and which of their VMs are to be
// on one host or on different ones. Which VMs are in a role is told by the VMs.
package vmgroup

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// VMGroup is a VM group. AFFINED and ANTI_AFFINED in its template list roles,
// each attribute those of one rule.
type VMGroup struct {
	object.Meta
	Roles attr.Template `cbor:"10,keyasint,omitempty"` // ROLE vectors, in the order of their IDs
}

// Clone implements store.Cloner.
func (g *VMGroup) Clone() *VMGroup {
	return &VMGroup{Meta: g.Meta.Copy(), Roles: g.Roles.Clone()}
}

// Kind describes VM groups to the shared verbs.
var Kind = object.Define("vmgroup", object.Spec[VMGroup]{
	Kind:     one.KindVMGroup,
	Called:   "VMGroup",
	Names:    object.NamesPerOwner,
	Lockable: true,
})

// Policies of roles, and the attributes of rules between roles.
const (
	Affined     = "AFFINED"
	AntiAffined = "ANTI_AFFINED"
)

// roleNamed answers the role of a name, nil when there is none.
func (g *VMGroup) roleNamed(name string) *attr.Attr {
	return g.role(func(r *attr.Attr) bool { return r.Get("NAME") == name })
}

// roleOf answers the role of an ID, nil when there is none.
func (g *VMGroup) roleOf(id int) *attr.Attr {
	return g.role(func(r *attr.Attr) bool { n, ok := r.Int("ID"); return ok && n == id })
}

func (g *VMGroup) role(is func(*attr.Attr) bool) *attr.Attr {
	for _, r := range g.Roles.Vectors("ROLE") {
		if is(r) {
			return r
		}
	}
	return nil
}

// HasRole tells whether there is a role of that name.
func (g *VMGroup) HasRole(name string) bool { return g.roleNamed(name) != nil }
