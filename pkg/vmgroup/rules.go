package vmgroup

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Members counts the VMs in a role, or in all roles for "". Package vm implements it.
type Members func(r store.Reader, id int, role string) int

// Allocate makes a VM group from a template.
func Allocate(tx *store.Tx, c *one.Caller, t attr.Template) (int, error) {
	g := &VMGroup{Meta: object.Meta{Name: t.Get("NAME"), Template: t}}
	g.Own(c)
	id, err := Kind.Add(tx, g)
	if err != nil {
		return -1, err
	}
	if err := g.form(); err != nil {
		return -1, err
	}
	Kind.Put(tx, g)
	return id, nil
}

// form moves the roles from the template to the group, and checks the rules.
func (g *VMGroup) form() error {
	roles := g.Template.Named("ROLE").Clone()
	g.Template.Del("NAME")
	g.Template.Del("ROLE")
	for _, r := range roles.Vectors("ROLE") {
		if err := g.addRole(r); err != nil {
			return one.Errorf(one.CodeInternal, "%v", err)
		}
	}
	if err := g.check(); err != nil {
		return one.Errorf(one.CodeInternal, "%v", err)
	}
	return nil
}

// Malformed reports whether the roles or rules of a template are invalid.
func Malformed(t attr.Template) bool {
	g := &VMGroup{Meta: object.Meta{Template: t.Clone()}}
	return g.form() != nil
}

// SkipFirstID uses up the first ID. oned assigns the ID before it checks roles and rules, and an
// ID below the first free one is not returned after an error (PoolSQL::allocate).
func SkipFirstID(tx *store.Tx) { tx.Skip(Kind.Table.Name(), Kind.First) }

// Delete removes a group. Its VMs go on without it.
func Delete(tx *store.Tx, id int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	Kind.Remove(tx, id)
	return nil
}

// Update serves one.vmgroup.update, which changes the rules between roles while no VM is in a
// role. Roles are changed by other calls.
func Update(tx *store.Tx, id int, text string, appendTo bool, members Members) error {
	return Kind.UpdateWith(tx, id, text, appendTo, func(_, g *VMGroup) error {
		if n := members(tx, id, ""); n > 0 {
			return one.Errorf(one.CodeInternal, "VM Group has %d VMs", n)
		}
		g.Template.Del("ROLE")
		if err := g.check(); err != nil {
			return one.Errorf(one.CodeInternal, "%v", err)
		}
		return nil
	})
}
