package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// groupResources are the kinds of objects that members of a new group may create by default.
const groupResources = "VM+IMAGE+TEMPLATE+DOCUMENT+SECGROUP+VROUTER+VMGROUP+BACKUPJOB"

// groupViews are the views that Sunstone shows to members and administrators of a new group.
const groupViews = `FIREEDGE=[VIEWS="cloud", DEFAULT_VIEW="cloud", GROUP_ADMIN_VIEWS="groupadmin", GROUP_ADMIN_DEFAULT_VIEW="groupadmin"]`

func groupNoun() *noun {
	n := &noun{
		name: "group", program: "onegroup", element: "GROUP", title: "group",
		method: "one.group.", pool: "one.grouppool.info",
		defaults: strings.Fields("ID NAME USERS VMS MEMORY CPU PCI"),
		columns: append([]column{
			{"ID", "ONE identifier for the Group", 4, adjust, text("ID")},
			{"NAME", "Name of the Group", 15, left | expand, text("NAME")},
			{"USERS", "Number of Users in this group", 5, 0, count("USERS/ID")},
		}, groupQuotaColumns()...),
		show: showGroup,
	}
	n.verbs = []verb{
		list(n), top(n), showSelf(n), groupCreate(), deleteVerb(n), update(n, "TEMPLATE"),
		groupAdmin("addadmin", "admin added", "Make a user an administrator of groups"),
		groupAdmin("deladmin", "admin deleted", "Take that back"),
		quotaVerb(n), batchQuota(n), defaultQuota(n), groupVLAN(),
	}
	return n
}

// groupQuotaColumns are those of users, except for a blank before the dash if CPU is not
// limited.
func groupQuotaColumns() []column {
	columns := quotaColumns(11)
	cpu := &columns[columnIndex(columns, "CPU")]
	value := cpu.value
	cpu.value = func(v *view, n *node) string { return strings.Replace(value(v, n), "/   -", "/    -", 1) }
	return columns
}

func groupAdmin(name, done, short string) verb {
	return action(name, done, short, func(in *input, id int) (request, error) {
		return call("one.group."+name, id, in.number(1, -1)), nil
	}, ref("user", "USER"))
}

// groupVLAN sets the VLANs that networks of a group's members may have.
func groupVLAN() verb {
	v := updateVerb("vlan", "modified", "Set the VLAN rules of a group",
		func(_ *input, id int, text string) request { return call("one.group.vlan", id, text) },
		func(_ *input, object *node) string { return templateText(object.at("VLAN_RULES").without("ID")) })
	v.flags = nil // the update replaces all rules
	return v
}

func groupCreate() verb {
	return verb{
		name: "create", short: "Create a group",
		long: `Create a group, the rule that lets its members create objects of their own,
and perhaps an administrator. If any of these fails, the group is removed again.`,
		args: []arg{word("name").orNone()},
		flags: func(f *pflag.FlagSet) {
			f.StringP("name", "n", "", "name of the group")
			f.StringP("resources", "r", groupResources, "what its members may create")
			f.StringP("admin_user", "u", "", "name of an administrator to create")
			f.StringP("admin_password", "p", "", "password of the administrator")
			f.StringP("admin_driver", "d", "core", "authentication driver of the administrator")
		},
		run: runGroupCreate,
	}
}

func runGroupCreate(s *session, in *input) error {
	name := in.word(0)
	if name == "" {
		name = in.text("name")
	}
	if name == "" {
		return errors.New("the group needs a name")
	}
	if in.given("admin_user") && !in.given("admin_password") {
		return sayf("Admin user needs password: give one with --admin_password")
	}
	answer, err := s.call(call("one.group.allocate", name))
	if err != nil {
		return err
	}
	if err := s.furnishGroup(in, answer.ID); err != nil {
		_, undo := s.call(call("one.group.delete", answer.ID))
		return errors.Join(err, undo)
	}
	fmt.Fprintf(s.out, "ID: %d\n", answer.ID)
	return nil
}

// furnishGroup gives a new group its ACL rules, views and administrator.
func (s *session) furnishGroup(in *input, id int) error {
	if _, err := s.call(call("one.group.update", id, groupViews, 1)); err != nil {
		return err
	}
	rule, err := parseRule(fmt.Sprintf("@%d %s/* CREATE *", id, in.text("resources")))
	if err != nil {
		return err
	}
	if _, err := s.call(call("one.acl.addrule", rule...)); err != nil {
		return sayf("Error creating group ACL's: %w", err)
	}
	if !in.given("admin_user") {
		return nil
	}
	user, err := s.call(call("one.user.allocate", in.text("admin_user"), in.text("admin_password"), in.text("admin_driver"), []any{id}))
	if err != nil {
		return sayf("Error creating admin user: %w", err)
	}
	if _, err := s.call(call("one.group.addadmin", id, user.ID)); err != nil {
		return sayf("Error creating admin user: %w", err)
	}
	return nil
}

func showGroup(p *page, n *node) {
	p.title("GROUP " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.section("GROUP TEMPLATE")
	p.template(n.at("TEMPLATE"))
	p.blank()
	admins := n.texts("ADMINS/ID")
	p.table([]column{
		{"USER ID", "", 7, 0, func(_ *view, user *node) string { return user.text }},
		{"ADMIN", "", 5, left, func(_ *view, user *node) string {
			if slices.Contains(admins, user.text) {
				return "*"
			}
			return ""
		}},
	}, n.all("USERS/ID"))
	p.quotas(n, n.at("DEFAULT_GROUP_QUOTAS"))
	p.section("VLAN RULES")
	p.table([]column{
		{"VLAN_ID", "", 15, left, text("ID")},
		{"SCOPE", "", 15, left, text("SCOPE")},
		{"VNTEMPLATE", "", 15, left, textOr("VNTEMPLATE", "-")},
	}, n.all("VLAN_RULES/RULE"))
}
