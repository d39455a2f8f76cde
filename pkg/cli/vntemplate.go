package cli

import (
	"slices"
	"strings"
)

func vntemplateNoun() *noun {
	n := &noun{
		name: "vntemplate", program: "onevntemplate", element: "VNTEMPLATE", title: "network template",
		method: "one.vntemplate.", pool: "one.vntemplatepool.info", scoped: true,
		defaults: strings.Fields("ID USER GROUP NAME REGTIME"),
		columns: []column{
			{"ID", "ONE identifier for the Template", 4, adjust, text("ID")},
			{"NAME", "Name of the Template", 15, left | expand, text("NAME")},
			{"USER", "Username of the Template owner", 8, left, ownerName},
			{"GROUP", "Group of the Template", 8, left, groupName},
			{"REGTIME", "Registration time of the Template", 15, 0, timeOf("REGTIME")},
		},
		show: showVNTemplate,
	}
	n.verbs = slices.Concat([]verb{
		list(n), top(n), show(n), vntemplateCreate(n), deleteVerb(n), vntemplateClone(n), rename(n), update(n, "TEMPLATE"),
	}, ownedVerbs(n), lockVerbs(n, "VN Template"))
	return n
}

func vntemplateCreate(n *noun) verb {
	return create(n, templateOptions{}, nil, func(_ *session, _ *input, text string) (request, error) {
		return call("one.vntemplate.allocate", text), nil
	})
}

func vntemplateClone(n *noun) verb {
	return action("clone", "cloned", "Copy a network template", nil, word("name")).
		answering("ID", func(in *input, id int) (request, error) { return call(n.method+"clone", id, in.word(1)), nil })
}

func showVNTemplate(p *page, n *node) {
	p.form = "%-15s: %-20s"
	p.title("TEMPLATE " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.line("LOCK", lockLevel(n.get("LOCK/LOCKED")))
	p.line("REGISTER TIME", stamp(n.int("REGTIME")))
	p.blank()
	p.permissions(n)
	p.section("TEMPLATE CONTENTS")
	p.template(n.at("TEMPLATE"))
}
