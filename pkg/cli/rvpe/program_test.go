package rvpe

import (
	"slices"
	"testing"
)

// TestEveryProgramIsFound by its name, and by the path of a link.
func TestEveryProgramIsFound(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		for _, path := range []string{name, "/usr/local/bin/" + name} {
			if p, ok := named(path); !ok || p.name != name {
				t.Errorf("%s finds %q, %v", path, p.name, ok)
			}
		}
	}
	if p, ok := named("onevm"); ok {
		t.Errorf("onevm finds %s", p.name)
	}
}

// TestCommandsAreToldApart: no program has two commands or options of the same name.
func TestCommandsAreToldApart(t *testing.T) {
	t.Parallel()
	for _, p := range programs() {
		names := []string{"help"}
		for _, c := range p.commands {
			names = append(names, c.name)
		}
		for _, o := range p.options {
			names = append(names, "-"+string(o.short))
		}
		slices.Sort(names)
		if twice := len(names) - len(slices.Compact(slices.Clone(names))); twice > 0 {
			t.Errorf("%s: %d names are there twice in %q", p.name, twice, names)
		}
	}
}
