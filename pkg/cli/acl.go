package cli

import (
	"strings"
)

// aclMask is the header of the column of kinds: each kind has its letter and position.
const aclMask = "RES_VHNIUTGDCOZSvRMAPtB"

func aclNoun() *noun {
	n := &noun{
		name: "acl", program: "oneacl", element: "ACL", title: "ACL rule",
		method: "one.acl.", pool: "one.acl.info",
		defaults: strings.Fields("ID USER " + aclMask + " RID OPE_UMAC ZONE"),
		columns: []column{
			{"ID", "Rule Identifier", 4, adjust, text("ID")},
			{"USER", "To which resource owner the rule applies to", 8, 0, ruleWord(0)},
			{aclMask, "Which resource the rule applies to", 23, 0, func(v *view, n *node) string { return resourceMask(ruleWord(1)(v, n)) }},
			{"RID", "Resource ID", 5, 0, func(v *view, n *node) string {
				_, id, _ := strings.Cut(ruleWord(1)(v, n), "/")
				return id
			}},
			{"ZONE", "Zone ID", 5, 0, ruleWord(3)},
			{"OPE_UMAC", "Operation to which the rule applies", 8, 0, func(v *view, n *node) string { return rightMask(ruleWord(2)(v, n)) }},
			{"STRING", "ACL rule in string format", 5, left | adjust, text("STRING")},
		},
	}
	n.verbs = []verb{
		list(n),
		{
			name: "create", short: "Add a rule, such as \"@105 VM/* USE\"",
			args: []arg{word("rule"), word("resource").orNone(), word("rights").orNone(), word("zone").orNone()},
			run: func(s *session, in *input) error {
				rule, err := parseRule(strings.Join(in.words, " "))
				if err != nil {
					return err
				}
				return s.makeOne(call("one.acl.addrule", rule...))
			},
		},
		action("delete", "deleted", "Delete rules", func(_ *input, id int) (request, error) {
			return call("one.acl.delrule", id), nil
		}),
	}
	return n
}

// ruleWord formats one of the four parts of a rule.
func ruleWord(i int) func(*view, *node) string {
	return func(_ *view, n *node) string {
		if words := strings.Fields(n.get("STRING")); i < len(words) {
			return words[i]
		}
		return ""
	}
}

// resourceMask has the letters of the kinds in a rule.
func resourceMask(resource string) string {
	order := []string{
		"VM", "HOST", "NET", "IMAGE", "USER", "TEMPLATE", "GROUP", "DATASTORE", "CLUSTER", "DOCUMENT", "ZONE",
		"SECGROUP", "VDC", "VROUTER", "MARKETPLACE", "MARKETPLACEAPP", "VMGROUP", "VNTEMPLATE", "BACKUPJOB",
	}
	kinds, _, _ := strings.Cut(resource, "/")
	return mask(kinds, order, strings.TrimPrefix(aclMask, "RES_"))
}

func rightMask(rights string) string {
	return mask(rights, []string{"USE", "MANAGE", "ADMIN", "CREATE"}, "umac")
}

func mask(words string, order []string, letters string) string {
	marks := []byte(strings.Repeat("-", len(letters)))
	for _, word := range strings.Split(words, "+") {
		for i, known := range order {
			if word == known {
				marks[i] = letters[i]
			}
		}
	}
	return string(marks)
}
