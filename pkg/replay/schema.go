package replay

import "github.com/renkei-vpe/renkei/pkg/xsd"

// schemaProblems validates the documents in an answer. For withheld answers, nothing else can
// be said about the content.
func schemaProblems(set *xsd.Set, n *node) []string {
	if n.name == "string" && len(n.children) == 1 {
		doc := n.children[0]
		if len(set.Schemas(doc.name)) == 0 {
			return nil
		}
		var problems []string
		for _, p := range set.ValidateAny([]byte(doc.xml())) {
			problems = append(problems, p.String())
		}
		return problems
	}
	var problems []string
	for _, c := range n.children {
		problems = append(problems, schemaProblems(set, c)...)
	}
	return problems
}

// xml encodes a tree as a document.
func (n *node) xml() string {
	out := "<" + n.name + ">" + escape(n.text)
	for _, c := range n.children {
		out += c.xml()
	}
	return out + "</" + n.name + ">"
}
