package vmgroup

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Members counts the VMs that are in roles of a group; role "" counts all. The
// rules of VMs know.
type Members func(r store.Reader, id int, role string) int

// Allocate makes a group of a template, which is ours to change.
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

// form makes roles of the template's and looks whether the rules fit them.
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

// Malformed tells whether a template's roles and rules do not fit each other.
func Malformed(t attr.Template) bool {
	g := &VMGroup{Meta: object.Meta{Template: t.Clone()}}
	return g.form() != nil
}

// PassOver gives the first number away: oned counts before it looks at roles and
// rules and does not count back below it (PoolSQL::allocate), so that the first
// group that is refused for these has had it.
func PassOver(tx *store.Tx) { tx.Skip(Kind.Table.Name(), Kind.First) }

// Delete removes a group. VMs that were in it go on without.
func Delete(tx *store.Tx, id int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	Kind.Remove(tx, id)
	return nil
}

// Update serves one.vmgroup.update: the rules between roles may change while
// no VM is in one. Roles have calls of their own.
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
