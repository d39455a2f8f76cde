package cli

import (
	"strings"
)

// self stands for the caller in place of the ID of a user or group.
const self = -1

func userNoun() *noun {
	n := &noun{
		name: "user", program: "oneuser", element: "USER", title: "user",
		method: "one.user.", pool: "one.userpool.info",
		columns: userColumns(), defaults: strings.Fields("ID NAME ENABLED GROUP AUTH VMS MEMORY CPU PCI"),
		show: showUser,
	}
	n.verbs = append([]verb{
		list(n), top(n), showSelf(n), userCreate(), deleteVerb(n), update(n, "TEMPLATE"),
		userPasswd(), userChauth(),
		userGroup("chgrp", "Group changed", "Change the primary group"),
		userGroup("addgroup", "group added", "Add users to a group"),
		userGroup("delgroup", "group deleted", "Take users out of a group"),
		tokenCreate("login"), tokenCreate("token-create"), tokenSet(), tokenDelete(), tokenDeleteAll(),
		quotaVerb(n), batchQuota(n), defaultQuota(n), userUmask(), userEncode(), userPasswdSearch(n), userKeyVerb(),
	}, enableVerbs(n)...)
	return n
}

// showSelf is show, of the caller if no object is given.
func showSelf(n *noun) verb {
	v := show(n)
	v.args = []arg{object.orNone()}
	return v.running(func(s *session, in *input) error {
		if len(in.ids) == 0 {
			return runShow(s, in, self)
		}
		return runShow(s, in, in.id())
	})
}

func userGroup(name, done, short string) verb {
	return action(name, done, short, func(in *input, id int) (request, error) {
		return call("one.user."+name, id, in.number(1, -1)), nil
	}, ref("group", "GROUP"))
}

func userColumns() []column {
	return append([]column{
		{"ID", "ONE identifier for the User", 4, adjust, text("ID")},
		{"NAME", "Name of the User", 10, left | expand, text("NAME")},
		{"ENABLED", "User is enabled", 4, left, func(_ *view, n *node) string { return strings.ToLower(yesNo(n.get("ENABLED"))) }},
		{"GROUP", "Group of the User", 8, left, groupName},
		{"AUTH", "Auth driver of the User", 8, left, text("AUTH_DRIVER")},
		{"PASSWORD", "Password of the User", 50, 0, text("PASSWORD")},
	}, quotaColumns(10)...)
}

func showUser(p *page, n *node) {
	p.form = "%-16s: %-20s"
	p.title("USER " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("GROUP", n.get("GNAME"))
	if groups := n.texts("GROUPS/ID"); len(groups) > 1 {
		p.line("SECONDARY GROUPS", strings.Join(groups, ","))
	}
	p.line("PASSWORD", n.get("PASSWORD"))
	p.line("AUTH_DRIVER", n.get("AUTH_DRIVER"))
	p.line("ENABLED", yesNo(n.get("ENABLED")))
	p.section("TOKENS")
	if tokens := n.all("LOGIN_TOKEN"); len(tokens) > 0 {
		p.table(tokenColumns(n.get("GID")), tokens)
	}
	p.section("USER TEMPLATE")
	p.template(n.at("TEMPLATE"))
	p.quotas(n, n.at("DEFAULT_USER_QUOTAS"))
}
