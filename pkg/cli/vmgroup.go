package cli

import (
	"slices"
	"strings"
)

func vmgroupNoun() *noun {
	n := &noun{
		name: "vmgroup", program: "onevmgroup", element: "VM_GROUP", title: "VM group",
		method: "one.vmgroup.", pool: "one.vmgrouppool.info", scoped: true,
		defaults: strings.Fields("ID USER GROUP NAME VMS ROLES"),
		columns: []column{
			{"ID", "ONE identifier for the VM Group", 4, adjust, text("ID")},
			{"NAME", "Name of the VM Group", 15, left | expand, text("NAME")},
			{"USER", "Username of the VM Group owner", 8, left, ownerName},
			{"GROUP", "Group of the VM Group", 8, left, groupName},
			{"VMS", "Number of VMs in the VM Group", 4, left, roleVMs},
			{"ROLES", "Roles in the VM Group", 36, left, func(_ *view, n *node) string { return strings.Join(n.texts("ROLES/ROLE/NAME"), ", ") }},
		},
		show: showVMGroup,
	}
	n.verbs = slices.Concat([]verb{
		list(n), show(n), vmgroupCreate(n), deleteVerb(n), rename(n), update(n, "TEMPLATE"),
	}, vmgroupRoleVerbs(n), ownedVerbs(n), lockVerbs(n, "VMGroup"))
	return n
}

func vmgroupCreate(n *noun) verb {
	return create(n, templateOptions{}, nil, func(_ *session, _ *input, text string) (request, error) {
		return call("one.vmgroup.allocate", text), nil
	})
}

func vmgroupRoleVerbs(n *noun) []verb {
	role := partArg("role id|name", part{"", "ROLES/ROLE", "ID"})
	change := updateVerb("role-update", "Role updated", "Change a role of a VM group",
		func(in *input, id int, text string) request {
			return call(n.method+"roleupdate", id, in.number(1, -1), wrapped("ROLE", text))
		}, currentRole, role)
	change.flags = nil // the update replaces the whole role
	return []verb{
		vmgroupRoleAdd(n),
		callWith("role-delete", "Role removed", "Delete a role of a VM group", n.method+"roledelete", role),
		change,
	}
}

func vmgroupRoleAdd(n *noun) verb {
	return verb{
		name: "role-add", short: "Add a role to a VM group", args: []arg{object, file},
		run: func(s *session, in *input) error {
			text, err := s.given(in, in.word(1), templateOptions{})
			if err != nil {
				return err
			}
			if _, err := s.call(call(n.method+"roleadd", in.id(), wrapped("ROLE", text))); err != nil {
				return err
			}
			s.tell(n, in.id(), "Role added")
			return nil
		},
	}
}

func currentRole(in *input, group *node) string {
	for _, role := range group.all("ROLES/ROLE") {
		if int(role.int("ID")) == in.number(1, -1) {
			return templateText(role)
		}
	}
	return ""
}

// roleVMs counts the VMs of all roles, which are comma-separated lists.
func roleVMs(_ *view, n *node) string {
	count := 0
	for _, vms := range n.texts("ROLES/ROLE/VMS") {
		count += strings.Count(vms, ",")
		if vms != "" {
			count++
		}
	}
	return itoa(int64(count))
}

func showVMGroup(p *page, n *node) {
	p.title("VM GROUP " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.line("LOCK", lockLevel(n.get("LOCK/LOCKED")))
	p.blank()
	p.permissions(n)
	p.section("ROLES")
	p.table([]column{
		{"ID", "", 4, left, text("ID")},
		{"NAME", "", 8, left, text("NAME")},
		{"POLICY", "", 12, left, textOr("POLICY", "-")},
		{"AFFINED_HOSTS", "", 18, left, textOr("HOST_AFFINED", "-")},
		{"ANTI_AFFINED_HOST", "", 18, left, textOr("HOST_ANTI_AFFINED", "-")},
		{"VIRTUAL_MACHINES", "", 20, left, text("VMS")},
	}, n.all("ROLES/ROLE"))
	p.section("TEMPLATE CONTENTS")
	p.template(n.at("TEMPLATE"))
}
