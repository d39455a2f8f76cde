// Package vmgroup implements VM groups: roles of VMs, and rules which of them must run on the
// same host or on different hosts. Which role a VM has is stored in the VM.
package vmgroup

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// VMGroup is a VM group. Each AFFINED or ANTI_AFFINED attribute in its template is a rule: a
// list of roles.
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

// Policies of roles, and names of rules between roles.
const (
	Affined     = "AFFINED"
	AntiAffined = "ANTI_AFFINED"
)

// roleNamed returns the role with that name, or nil.
func (g *VMGroup) roleNamed(name string) *attr.Attr {
	return g.role(func(r *attr.Attr) bool { return r.Get("NAME") == name })
}

// roleOf returns the role with that ID, or nil.
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

// HasRole reports whether there is a role with that name.
func (g *VMGroup) HasRole(name string) bool { return g.roleNamed(name) != nil }
