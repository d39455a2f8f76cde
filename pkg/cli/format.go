package cli

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v4"
)

func formatFlags(f *pflag.FlagSet) {
	f.BoolP("xml", "x", false, "the XML as the server sent it")
	f.BoolP("json", "j", false, "as JSON")
	f.BoolP("yaml", "y", false, "as YAML")
}

// printFormat prints an answer in the requested format, if any; it tells whether one was
// requested.
func (s *session) printFormat(in *input, root *node, text string) (bool, error) {
	switch {
	case in.bool("xml"):
		_, err := fmt.Fprintln(s.out, text)
		return true, err
	case in.bool("json"):
		return true, s.printJSON(root)
	case in.bool("yaml"):
		return true, s.printYAML(root)
	}
	return false, nil
}

func (s *session) printJSON(root *node) error {
	var compact, pretty bytes.Buffer
	if err := writeJSON(&compact, &node{kids: []*node{root}}); err != nil {
		return err
	}
	if err := json.Indent(&pretty, compact.Bytes(), "", "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintln(s.out, pretty.String())
	return err
}

func (s *session) printYAML(root *node) error {
	encoder := yaml.NewEncoder(s.out)
	encoder.SetIndent(4)
	if err := encoder.Encode(yamlOf(&node{kids: []*node{root}})); err != nil {
		return err
	}
	return encoder.Close()
}

// group has the child elements of one name; groups are in the order of their first element.
type group struct {
	name  string
	nodes []*node
	array bool
}

// groups converts a node to the structure of OpenNebula's JSON and YAML: elements that occur
// several times, or may according to the schema, become arrays.
func (n *node) groups() []group {
	var found []group
	index := map[string]int{}
	for _, kid := range n.kids {
		i, ok := index[kid.name]
		if !ok {
			i = len(found)
			index[kid.name] = i
			found = append(found, group{name: kid.name, array: isArray(n.name, kid.name)})
		}
		found[i].nodes = append(found[i].nodes, kid)
		found[i].array = found[i].array || len(found[i].nodes) > 1
	}
	return found
}

// isText tells a text from an empty element, which becomes an empty object.
func (n *node) isText() bool { return len(n.kids) == 0 && n.text != "" }

func writeJSON(out *bytes.Buffer, n *node) error {
	if n.isText() {
		return writeJSONText(out, n.text)
	}
	out.WriteByte('{')
	for i, g := range n.groups() {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := writeJSONText(out, g.name); err != nil {
			return err
		}
		out.WriteByte(':')
		if err := writeJSONGroup(out, g); err != nil {
			return err
		}
	}
	out.WriteByte('}')
	return nil
}

func writeJSONGroup(out *bytes.Buffer, g group) error {
	if !g.array {
		return writeJSON(out, g.nodes[0])
	}
	out.WriteByte('[')
	for i, n := range g.nodes {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := writeJSON(out, n); err != nil {
			return err
		}
	}
	out.WriteByte(']')
	return nil
}

func writeJSONText(out *bytes.Buffer, text string) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(text)
}

func yamlOf(n *node) *yaml.Node {
	if n.isText() {
		return yamlText(n.text)
	}
	mapping := &yaml.Node{Kind: yaml.MappingNode}
	for _, g := range n.groups() {
		value := yamlOf(g.nodes[0])
		if g.array {
			value = &yaml.Node{Kind: yaml.SequenceNode}
			for _, item := range g.nodes {
				value.Content = append(value.Content, yamlOf(item))
			}
		}
		mapping.Content = append(mapping.Content, yamlText(g.name), value)
	}
	return mapping
}

func yamlText(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}
