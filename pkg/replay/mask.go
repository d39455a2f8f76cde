package replay

import "regexp"

// A rule replaces values that differ between any two runs. The replacement keeps what clients
// rely on: whether a time is set, or the length of a hash.
type rule struct {
	parent, name *regexp.Regexp // nil matches any
	value        *regexp.Regexp
	with         string
	least        int // shorter texts cannot match, which saves time
}

var (
	seconds = regexp.MustCompile(`^[0-9]{10}$`)
	natural = regexp.MustCompile(`^[0-9]+$`)
)

// masks are the rules for the recordings.
var masks = []rule{
	{name: regexp.MustCompile(`(TIME|TIMESTAMP|DATE|LAST_POLL)$`), value: seconds, with: "@time@", least: 10},
	{name: regexp.MustCompile(`^REQ(UEST)?_ID$`), value: natural, with: "@request@"}, // -1 is not masked: no request
	{parent: regexp.MustCompile(`^SHOWBACK$`), name: regexp.MustCompile(`^(YEAR|MONTH|HOURS|RHOURS|.*_COST)$`), value: regexp.MustCompile(`^[0-9.]+$`), with: "@usage@"},
	{value: regexp.MustCompile(`\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`), with: "@uuid@", least: 36},
	{value: regexp.MustCompile(`\b[0-9a-f]{128}\b`), with: "@hash512@", least: 128},
	{value: regexp.MustCompile(`\b[0-9a-f]{64}\b`), with: "@hash256@", least: 64},
	{value: regexp.MustCompile(`\b[0-9a-f]{40}\b`), with: "@hash160@", least: 40},
	{value: regexp.MustCompile(`\b[0-9a-f]{32}\b`), with: "@hash128@", least: 32},
	{value: regexp.MustCompile(`\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4}\b`), with: "@date@", least: 24},
	{value: regexp.MustCompile(`at line [0-9]+, columns`), with: "at line @line@, columns", least: 18}, // uninitialized in oned's VM templates
}

// masked answers a masked copy of the tree. Elements whose name, or PARENT/NAME, matches more
// are masked completely.
func masked(n *node, more *regexp.Regexp) *node { return maskBelow("", n, more) }

func maskBelow(parent string, n *node, more *regexp.Regexp) *node {
	out := &node{name: n.name, attrs: n.attrs, text: maskText(parent, n.name, n.text)}
	if more != nil && (more.MatchString(n.name) || more.MatchString(parent+"/"+n.name)) {
		out.text = "@masked@"
		return out
	}
	for _, c := range n.children {
		out.children = append(out.children, maskBelow(n.name, c, more))
	}
	return out
}

func maskText(parent, name, text string) string {
	for _, r := range masks {
		if len(text) < r.least || r.parent != nil && !r.parent.MatchString(parent) || r.name != nil && !r.name.MatchString(name) {
			continue
		}
		text = r.value.ReplaceAllString(text, r.with)
	}
	return text
}
