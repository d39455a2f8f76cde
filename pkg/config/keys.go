package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// unknownKeys finds the first key that is not a setting, and suggests the most similar setting.
func unknownKeys(doc *yaml.Node) error {
	if len(doc.Content) == 0 || isNull(doc.Content[0]) {
		return nil
	}
	return walk(doc.Content[0], "", keys(reflect.TypeFor[Config](), ""))
}

func walk(n *yaml.Node, prefix string, known []string) error {
	if n.Kind != yaml.MappingNode {
		return at(n, "%q is not a list of settings, such as %q", strings.TrimSuffix(prefix, "."), nearest(prefix, known))
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		key := prefix + name.Value
		section := slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, key+".") })
		switch {
		case slices.Contains(known, key), section && isNull(value):
			if err := walkList(value, key); err != nil {
				return err
			}
		case !section:
			return at(name, "there is no setting %q; did you mean %q?", key, nearest(key, withSections(known)))
		default:
			if err := walk(value, key+".", known); err != nil {
				return err
			}
		}
	}
	return nil
}

// walkList is walk for each item of a list. Lists of plain values have no keys.
func walkList(n *yaml.Node, key string) error {
	t := typeOf(key)
	if t == nil || t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Struct {
		return nil
	}
	for i, item := range n.Content {
		prefix := fmt.Sprintf("%s[%d].", key, i)
		if err := walk(item, prefix, keys(t.Elem(), prefix)); err != nil {
			return err
		}
	}
	return nil
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// at adds the line number to an error, if there is one: settings on the command line have none.
func at(n *yaml.Node, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if n.Line == 0 {
		return err
	}
	return fmt.Errorf("line %d: %w", n.Line, err)
}

// typeOf is the type of a setting, or nil if there is no such setting.
func typeOf(key string) reflect.Type {
	t := reflect.TypeFor[Config]()
	for part := range strings.SplitSeq(key, ".") {
		if t.Kind() != reflect.Struct {
			return nil
		}
		f, ok := field(t, part)
		if !ok {
			return nil
		}
		t = f.Type
	}
	return t
}

func field(t reflect.Type, name string) (reflect.StructField, bool) {
	for f := range fields(t) {
		if f.Tag.Get("yaml") == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// withSections adds the names of sections to a list of settings.
func withSections(known []string) []string {
	list := known
	for _, k := range known {
		if section, _, ok := strings.Cut(k, "."); ok && !slices.Contains(list, section) {
			list = append(slices.Clip(list), section)
		}
	}
	return list
}

// keys lists the settings of a type, such as "scheduler.enabled".
func keys(t reflect.Type, prefix string) []string {
	var list []string
	for f := range fields(t) {
		name := prefix + f.Tag.Get("yaml")
		if f.Type.Kind() == reflect.Struct {
			list = append(list, keys(f.Type, name+".")...)
			continue
		}
		list = append(list, name)
	}
	return list
}

func fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

// nearest is the setting with the smallest distance to key.
func nearest(key string, known []string) string {
	return slices.MinFunc(known, func(a, b string) int { return distance(key, a) - distance(key, b) })
}

// distance is the Levenshtein distance: the number of letters to insert, delete or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
