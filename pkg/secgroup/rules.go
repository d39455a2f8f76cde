package secgroup

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Allocate makes a security group from a template.
func Allocate(tx *store.Tx, c *one.Caller, t attr.Template) (int, error) {
	g := &SecGroup{Meta: object.Meta{Name: t.Get("NAME"), Template: t}}
	g.Own(c)
	g.Template.Del("NAME")
	if err := object.CheckName(g.Name, Kind.NameBans); err != nil {
		return -1, err
	}
	if other, ok := Kind.Named(tx, g.Name, c.UID); ok {
		return -1, one.Errorf(one.CodeInternal, "NAME is already taken by SecurityGroup %d.", other.ID)
	}
	if err := g.checkRules(); err != nil {
		return -1, one.Errorf(one.CodeInternal, "%v", err)
	}
	return Kind.Add(tx, g)
}

// Clone makes a group with the same rules.
func Clone(tx *store.Tx, c *one.Caller, id int, name string) (int, error) {
	g, err := Kind.Edit(tx, id)
	if err != nil {
		return -1, err
	}
	g.Template.Set("NAME", name)
	return Allocate(tx, c, g.Template)
}

// Update serves one.secgroup.update. The members become Outdated.
func Update(tx *store.Tx, id int, text string, appendTo bool) error {
	err := Kind.UpdateWith(tx, id, text, appendTo, func(_, g *SecGroup) error {
		if err := g.checkRules(); err != nil {
			return one.Errorf(one.CodeInternal, "%v", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return Commit(tx, id, false)
}

// Delete removes a group without members.
func Delete(tx *store.Tx, id int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	if id == DefaultID {
		return one.Errorf(one.CodeAction, "Cannot delete security group. The default security group (ID 0) cannot be deleted.")
	}
	for range Members.Of(tx, id) {
		return one.Errorf(one.CodeAction, "Cannot delete security group. The security group has VMs using it")
	}
	Kind.Remove(tx, id)
	return nil
}

// Setup makes the default group, which allows everything.
func Setup(tx *store.Tx) {
	if _, ok := Kind.Table.Get(tx, store.ID(DefaultID)); ok {
		return
	}
	g := &SecGroup{Meta: object.Meta{ID: DefaultID, Name: "default", UName: "oneadmin", GName: "oneadmin", Perms: 0o744}}
	g.Template.Set("DESCRIPTION", "The default security group is added to every network. "+
		"Use it to add default filter rules for your networks. "+
		"You may remove this security group from any network by updating its properties.")
	for _, direction := range [...]string{"OUTBOUND", "INBOUND"} {
		g.Template.Add(attr.NewVector("RULE",
			attr.Pair{Key: "PROTOCOL", Value: "ALL"}, attr.Pair{Key: "RULE_TYPE", Value: direction}))
	}
	Kind.Put(tx, g)
}
