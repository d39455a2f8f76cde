package xsd

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// Set is a folder of schemas, by their file names without ".xsd".
type Set struct {
	schemas map[string]*schema
	broken  map[string]error
}

// Problem is a violation of a schema.
type Problem struct {
	Path string // such as /VM_POOL/VM[2]/STIME
	Text string // what was wrong, and what was expected
}

// String is the problem on one line.
func (p Problem) String() string { return p.Path + ": " + p.Text }

// Load reads every schema of a folder. One element may be the root of several schemas (VM_POOL
// of vm_pool and of vm_pool_extended), so [Set.Validate] needs the schema's name. A file that
// cannot be used does not affect the others (OpenNebula has some): see [Set.Broken].
func Load(dir string) (*Set, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.xsd"))
	if err != nil {
		return nil, fmt.Errorf("listing schemas: %w", err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no *.xsd in %s", dir)
	}
	l := loader{dir: dir, files: map[string]*file{}}
	set := &Set{schemas: map[string]*schema{}, broken: map[string]error{}}
	for _, path := range names {
		name := strings.TrimSuffix(filepath.Base(path), ".xsd")
		s, err := l.schema(filepath.Base(path))
		if err != nil {
			set.broken[name] = err
			continue
		}
		set.schemas[name] = s
	}
	if len(set.schemas) == 0 {
		return nil, fmt.Errorf("no schema in %s is usable: %w", dir, errors.Join(slices.Collect(maps.Values(set.broken))...))
	}
	return set, nil
}

// Schemas names the schemas whose own file declares root, in alphabetical order. Schemas that
// only include the declaration are not among them.
func (s *Set) Schemas(root string) []string {
	var names []string
	for name, sc := range s.schemas {
		if slices.Contains(sc.own, root) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Validate validates doc against the schema of that name ("vm_pool"). It answers no problem if
// and only if the document is valid.
func (s *Set) Validate(name string, doc []byte) []Problem {
	if err, ok := s.broken[name]; ok {
		return []Problem{{Path: "/", Text: fmt.Sprintf("schema %q cannot be used: %v", name, err)}}
	}
	sc, ok := s.schemas[name]
	if !ok {
		return []Problem{{Path: "/", Text: fmt.Sprintf("there is no schema %q", name)}}
	}
	root, err := parse(doc)
	if err != nil {
		return []Problem{{Path: "/", Text: "not well-formed: " + err.Error()}}
	}
	decl, ok := sc.elements[root.Tag]
	if !ok {
		return []Problem{{Path: "/" + root.Tag, Text: fmt.Sprintf("schema %q does not declare this root element", name)}}
	}
	v := validator{schema: sc}
	v.element("/"+root.Tag, decl, root)
	return v.problems
}

// ValidateAny validates doc against every schema for its root element and answers the problems
// with the one that fits best.
func (s *Set) ValidateAny(doc []byte) []Problem {
	root, err := parse(doc)
	if err != nil {
		return []Problem{{Path: "/", Text: "not well-formed: " + err.Error()}}
	}
	candidates := s.Schemas(root.Tag)
	if len(candidates) == 0 {
		return []Problem{{Path: "/" + root.Tag, Text: "no schema declares this root element"}}
	}
	best := s.Validate(candidates[0], doc)
	for _, name := range candidates[1:] {
		if problems := s.Validate(name, doc); len(problems) < len(best) {
			best = problems
		}
	}
	return best
}
