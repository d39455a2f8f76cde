package rvpe

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Definition is a definition file: YAML with keys in any case.
type Definition map[string]any

// separators separate names in stored lists, so no text may contain them.
var separators = []string{";", "#"}

// ParseDefinition reads a definition. A document that is not a mapping has no keys.
func ParseDefinition(text string) (Definition, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, refuse("(<unknown>): %v", err)
	}
	v, err := plain(&doc)
	if err != nil {
		return nil, err
	}
	d, _ := v.(Definition)
	return d, nil
}

// plain converts YAML to Definitions, lists, texts, booleans and nil.
func plain(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 0 {
			return nil, nil
		}
		return plain(n.Content[0])
	case yaml.AliasNode: // aliases can expand without bounds, and no definition needs one
		return nil, refuse("(<unknown>): Unknown alias: %s", n.Value)
	case yaml.MappingNode:
		return plainMap(n)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			v, err := plain(item)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	}
	return plainScalar(n)
}

func plainMap(n *yaml.Node) (any, error) {
	d := Definition{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		v, err := plain(n.Content[i+1])
		if err != nil {
			return nil, err
		}
		d[strings.ToUpper(n.Content[i].Value)] = v
	}
	return d, nil
}

// plainScalar reads a scalar as YAML 1.1 does, which RENKEI-VPE's tools write: YES is a boolean
// there.
func plainScalar(n *yaml.Node) (any, error) {
	quoted := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	word := strings.ToLower(n.Value)
	switch {
	case quoted:
	case word == "" || word == "~" || word == "null":
		return nil, nil
	case slices.Contains([]string{"yes", "true", "on"}, word):
		return true, nil
	case slices.Contains([]string{"no", "false", "off"}, word):
		return false, nil
	}
	for _, s := range separators {
		if strings.Contains(n.Value, s) && n.Tag == "!!str" {
			return nil, refuse("Can't include '%s' in resource file: %s", s, n.Value)
		}
	}
	return n.Value, nil
}

// Text answers a value as text, and false if there is none.
func (d Definition) Text(key string) (string, bool) {
	switch v := d[key].(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), v // false counts as missing, as in Ruby
	case nil:
		return "", false
	default:
		return fmt.Sprint(v), true
	}
}

// text is Text for optional keys.
func (d Definition) text(key string) string {
	s, _ := d.Text(key)
	return s
}

// Is tells whether a key has a value other than false.
func (d Definition) Is(key string) bool {
	_, said := d.Text(key)
	return said
}

// texts answers a list of texts, and false if there is none.
func (d Definition) texts(key string) ([]string, bool) {
	list, ok := d[key].([]any)
	if !ok {
		return nil, false
	}
	var out []string
	for _, v := range list {
		out = append(out, Definition{"": v}.text(""))
	}
	return out, true
}

// parts answers a list of definitions, leaving out anything else.
func (d Definition) parts(key string) []Definition {
	list, _ := d[key].([]any)
	var out []Definition
	for _, v := range list {
		if part, ok := v.(Definition); ok {
			out = append(out, part)
		}
	}
	return out
}

// digits answers a number that is mandatory.
func (d Definition) digits(key, in string) (int, error) {
	text, ok := d.Text(key)
	if !ok {
		return 0, refuse("Specify %s in %s file.", key, in)
	}
	n, ok := idOf(text)
	if !ok || text == "" {
		return 0, refuse("Format error of %s in %s file.  Its value should be digits.", key, in)
	}
	return n, nil
}
