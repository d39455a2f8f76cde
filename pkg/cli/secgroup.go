package cli

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

func secgroupNoun() *noun {
	n := &noun{
		name: "secgroup", program: "onesecgroup", element: "SECURITY_GROUP", title: "security group",
		method: "one.secgroup.", pool: "one.secgrouppool.info", scoped: true,
		defaults: strings.Fields("ID USER GROUP NAME UPDATED OUTDATED ERROR"),
		columns: []column{
			{"ID", "ONE identifier for the Security Group", 4, adjust, text("ID")},
			{"NAME", "Name of the Security Group", 15, left | expand, text("NAME")},
			{"USER", "Username of the Security Group owner", 8, left, ownerName},
			{"GROUP", "Group of the Security Group", 8, left, groupName},
			{"UPDATED", "Number of VMs with updated rules", 8, 0, count("UPDATED_VMS/ID")},
			{"OUTDATED", "Number of VMs with outdated rules", 8, 0, count("OUTDATED_VMS/ID")},
			{"ERROR", "Number of VMs that failed to update rules", 8, 0, count("ERROR_VMS/ID")},
		},
		show: showSecgroup,
	}
	n.verbs = slices.Concat([]verb{
		list(n), top(n), show(n), secgroupCreate(n), deleteVerb(n), rename(n), update(n, "TEMPLATE"), secgroupClone(n), secgroupCommit(n),
	}, ownedVerbs(n))
	return n
}

func secgroupCreate(n *noun) verb {
	return create(n, templateOptions{}, nil, func(_ *session, _ *input, text string) (request, error) {
		return call("one.secgroup.allocate", text), nil
	})
}

func secgroupClone(n *noun) verb {
	return action("clone", "cloned", "Copy a security group", nil, word("name")).
		answering("ID", func(in *input, id int) (request, error) { return call(n.method+"clone", id, in.word(1)), nil })
}

func secgroupCommit(n *noun) verb {
	return action("commit", "commit", "Bring the changed rules to the VMs", func(in *input, id int) (request, error) {
		return call(n.method+"commit", id, in.bool("recover")), nil
	}).single().with(func(f *pflag.FlagSet) {
		f.Bool("recover", false, "only to VMs that are outdated or failed")
	})
}

func showSecgroup(p *page, n *node) {
	p.form = "%-15s: %-20s"
	p.title("SECURITY GROUP " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.permissions(n)
	p.section("VIRTUAL MACHINES")
	p.line("UPDATED", strings.Join(n.texts("UPDATED_VMS/ID"), ","))
	p.line("OUTDATED", strings.Join(append(n.texts("OUTDATED_VMS/ID"), n.texts("UPDATING_VMS/ID")...), ","))
	p.line("ERROR", strings.Join(n.texts("ERROR_VMS/ID"), ","))
	p.section("RULES")
	p.table([]column{
		{"TYPE", "", 8, left, text("RULE_TYPE")},
		{"PROTOCOL", "", 8, left, text("PROTOCOL")},
		{"ICMP_TYPE", "", 9, left, text("ICMP_TYPE")},
		{"ICMVP6_TYPE", "", 11, left, text("ICMPV6_TYPE")},
		{"NETWORK", "", 35, left | adjust, ruleNetwork},
		{"RANGE", "", 16, left | adjust, text("RANGE")},
	}, n.all("TEMPLATE/RULE"))
	p.section("TEMPLATE CONTENTS")
	p.template(n.at("TEMPLATE").without("RULE"))
}

// ruleNetwork formats the addresses of a rule.
func ruleNetwork(_ *view, n *node) string {
	var parts []string
	if id := n.get("NETWORK_ID"); id != "" {
		parts = append(parts, "VNet "+id)
	}
	if size := n.get("SIZE"); size != "" {
		start := n.get("IP")
		if start == "" {
			start = n.get("MAC")
		}
		parts = append(parts, "Start: "+start+", Size: "+size)
	}
	if len(parts) == 0 {
		return "Any "
	}
	return strings.Join(parts, ": ") + " "
}
