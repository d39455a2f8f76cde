// Package arch checks which packages import which. ARCHITECTURE.md describes the floors; these
// tests keep the description true.
package arch

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/renkei-vpe/renkei/"

// TestImportsPointDown: every package has a floor, and imports only packages on its own floor
// or below.
func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		from, ok := floorOf(p.path)
		if !ok {
			t.Errorf("%s stands on no floor: give it one in floors_test.go and in ARCHITECTURE.md", p.path)
			continue
		}
		for _, imported := range p.imports {
			if to, ok := floorOf(imported); ok && to < from {
				t.Errorf("%s (%s) imports %s, which is above it (%s)", p.path, floors[from].name, imported, floors[to].name)
			}
		}
	}
}

// TestWallsHold: some packages must not import others, even if the floors would allow it.
func TestWallsHold(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, imported := range p.imports {
			for _, w := range walls {
				if w.parts(p.path, imported) {
					t.Errorf("%s imports %s: %s", p.path, imported, w.why)
				}
			}
		}
	}
}

// TestTheWireKnowsNoDomain: package xmlrpc, without its subpackages, imports none of ours.
func TestTheWireKnowsNoDomain(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.path == "xmlrpc" && len(p.imports) > 0 {
			t.Errorf("xmlrpc imports %q", p.imports)
		}
	}
}

// TestRulesNameWhatExists: the rules must not name packages that do not exist, for instance
// after a move.
func TestRulesNameWhatExists(t *testing.T) {
	t.Parallel()
	all := packages(t)
	for _, name := range namedInRules() {
		found := false
		for _, p := range all {
			found = found || within(p.path, name)
		}
		if !found {
			t.Errorf("the rules name %s, and there is no such package", name)
		}
	}
}

// pkg is one of our packages with those of ours that it imports, except in tests.
type pkg struct {
	path    string
	imports []string
}

func packages(t *testing.T) (list []pkg) {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "libvirt_dlopen", "-json=ImportPath,Imports", "./...")
	cmd.Dir, cmd.Stderr = root, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, pkg{strings.TrimPrefix(p.ImportPath, module), ours(p.Imports)})
	}
}

func ours(imports []string) (list []string) {
	for _, i := range imports {
		if path, ok := strings.CutPrefix(i, module); ok {
			list = append(list, path)
		}
	}
	return list
}
