package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// unknownKeys finds the first key that is no setting and names the nearest one
// that is.
func unknownKeys(doc *yaml.Node) error {
	if len(doc.Content) == 0 {
		return nil
	}
	return walk(doc.Content[0], "", keys(reflect.TypeFor[Config](), ""))
}

func walk(n *yaml.Node, prefix string, known []string) error {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := prefix + n.Content[i].Value
		if !slices.Contains(known, key) && !slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, key+".") }) {
			return fmt.Errorf("line %d: there is no setting %q; did you mean %q?", n.Content[i].Line, key, nearest(key, known))
		}
		if err := walk(n.Content[i+1], key+".", known); err != nil {
			return err
		}
	}
	return nil
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

// nearest is the setting that takes the fewest changed letters.
func nearest(key string, known []string) string {
	return slices.MinFunc(known, func(a, b string) int { return distance(key, a) - distance(key, b) })
}

// distance counts the letters to insert, delete or replace (Levenshtein).
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
