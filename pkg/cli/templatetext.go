package cli

import "strings"

// templateText writes an element's content in OpenNebula's template language,
// as `show` prints it and an editor gets it: attributes without a value are
// left out.
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

// hasText tells an attribute whose value is empty from one that has none.
func (n *node) hasText() bool { return n.said || n.text != "" }

func pair(n *node) string { return n.name + "=" + quote(n.text) }

// quote writes a value so that the template parser reads the same text.
func quote(text string) string { return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"` }

// without copies a node leaving out elements by name, which `show` has shown
// in tables of their own.
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

// wrapped makes a list of attributes one attribute with parts, unless it is
// written as one already.
func wrapped(name, text string) string {
	plain := strings.ReplaceAll(text, " ", "")
	if strings.Contains(plain, name+"=[") {
		return text
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return name + "=[\n" + strings.Join(lines, ",\n") + "]"
}
