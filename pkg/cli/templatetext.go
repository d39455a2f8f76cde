package cli

import "strings"

// templateText formats an element in OpenNebula's template syntax, as `show` and editors have
// it: attributes without a value are omitted.
func templateText(n *node) string {
	if n == nil {
		return ""
	}
	var lines []string
	for _, attribute := range n.kids {
		switch {
		case len(attribute.kids) > 0:
			lines = append(lines, attribute.name+"=[\n  "+strings.Join(pairs(attribute.kids), ",\n  ")+" ]")
		case attribute.hasText():
			lines = append(lines, pair(attribute))
		}
	}
	return strings.Join(lines, "\n")
}

func pairs(nodes []*node) []string {
	var found []string
	for _, n := range nodes {
		if n.hasText() {
			found = append(found, pair(n))
		}
	}
	return found
}

// hasText tells an attribute with an empty value from one without a value.
func (n *node) hasText() bool { return n.said || n.text != "" }

func pair(n *node) string { return n.name + "=" + quote(n.text) }

// quote quotes a value for the template parser.
func quote(text string) string { return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"` }

// without copies a node without the elements that `show` has printed in tables.
func (n *node) without(names ...string) *node {
	if n == nil {
		return nil
	}
	rest := &node{name: n.name, text: n.text}
next:
	for _, kid := range n.kids {
		for _, name := range names {
			if kid.name == name {
				continue next
			}
		}
		rest.kids = append(rest.kids, kid)
	}
	return rest
}

// wrapped makes one vector attribute of a list of attributes, unless it is one already.
func wrapped(name, text string) string {
	plain := strings.ReplaceAll(text, " ", "")
	if strings.Contains(plain, name+"=[") {
		return text
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return name + "=[\n" + strings.Join(lines, ",\n") + "]"
}
