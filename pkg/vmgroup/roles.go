package vmgroup

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// wrong is an error about roles.
func wrong(format string, args ...any) *one.Error {
	return one.Errorf(one.CodeAction, format, args...)
}

// parseRole parses a template with a ROLE.
func parseRole(text string) (*attr.Attr, error) {
	t, err := object.ParseTemplate(text)
	if err != nil {
		return nil, wrong("%v", err)
	}
	role := t.Vector("ROLE")
	if role == nil {
		return nil, wrong("No ROLE attribute in template")
	}
	return role, nil
}

// AddRole serves one.vmgroup.roleadd.
func AddRole(tx *store.Tx, id int, text string) error {
	role, err := parseRole(text)
	if err != nil {
		return err
	}
	g, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if err := g.addRole(role); err != nil {
		return err
	}
	return g.putChecked(tx)
}

// addRole adds a role with the next ID.
func (g *VMGroup) addRole(role *attr.Attr) error {
	name := role.Get("NAME")
	switch {
	case name == "":
		return wrong("Missing NAME in VM group role")
	case g.HasRole(name):
		return wrong("Role already exists")
	}
	added := role.Clone()
	added.Del("VMS")
	added.Set("ID", strconv.Itoa(g.nextRole()))
	g.Roles.Add(added)
	return nil
}

func (g *VMGroup) nextRole() int {
	next := 0
	for _, r := range g.Roles.Vectors("ROLE") {
		if id, ok := r.Int("ID"); ok && id >= next {
			next = id + 1
		}
	}
	return next
}

// DelRole serves one.vmgroup.roledelete.
func DelRole(tx *store.Tx, id, roleID int, members Members) error {
	g, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	role := g.roleOf(roleID)
	if role == nil {
		return wrong("Unable to delete role %d, the role doesn't exists", roleID)
	}
	if members(tx, id, role.Get("NAME")) > 0 {
		return wrong("Unable to delete role %d, the role has assigned VMs ", roleID)
	}
	g.Roles.DelFunc(func(r *attr.Attr) bool { n, ok := r.Int("ID"); return ok && n == roleID })
	return g.putChecked(tx)
}

// UpdateRole serves one.vmgroup.roleupdate: it sets the given attributes of the role and keeps
// the others.
func UpdateRole(tx *store.Tx, id, roleID int, text string, members Members) error {
	change, err := parseRole(text)
	if err != nil {
		return err
	}
	g, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	role := g.roleOf(roleID)
	if role == nil {
		return wrong("VMGroup %d doesn't have role %d", id, roleID)
	}
	if members(tx, id, role.Get("NAME")) > 0 {
		return wrong("VMGroup %d Role %d has VMs, unable to update", id, roleID)
	}
	if name := change.Get("NAME"); name != "" && name != role.Get("NAME") && g.HasRole(name) {
		return wrong("VMGroup %d Role %d can not update name, role with name %s already exists", id, roleID, name)
	}
	merged := change.Clone()
	merged.Del("VMS")
	merged.Del("ID")
	if merged.Get("NAME") == "" {
		merged.Del("NAME")
	}
	role.Merge(&merged, true)
	return g.putChecked(tx)
}

// putChecked stores the group if its rules are still consistent.
func (g *VMGroup) putChecked(tx *store.Tx) error {
	if err := g.check(); err != nil {
		return err
	}
	Kind.Put(tx, g)
	return nil
}
