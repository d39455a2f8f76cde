// Package arch holds the plan of the house against the code: who may import
// whom. ARCHITECTURE.md draws the floors; this test keeps them true.
package arch

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/lifecycle"
)

const module = "github.com/renkei-vpe/renkei/"

// rules are the nouns and what they stand on.
var rules = []string{
	"pkg/vm", "pkg/image", "pkg/template", "pkg/network", "pkg/secgroup", "pkg/host", "pkg/cluster", "pkg/datastore",
	"pkg/user", "pkg/group", "pkg/vdc", "pkg/zone", "pkg/quota", "pkg/acl", "pkg/lifecycle", "pkg/placement", "pkg/setup",
	"pkg/object", "pkg/effect",
}

// implementations are what only the wiring may know of drivers.
var implementations = []string{
	"drivers/vmm", "drivers/tm", "drivers/datastore", "drivers/net", "drivers/remote", "drivers/drivertest",
	"drivers/qemuimg", "drivers/sparsefile", "drivers/keylock", "drivers/dummyaction", "drivers/contextcd",
}

// bans says who may not import what; a name covers the packages below it.
var bans = []struct {
	who, what []string
	why       string
}{
	{[]string{"pkg/one"}, []string{"pkg", "drivers", "xmlrpc", "cmd"}, "the vocabulary imports none of ours"},
	{[]string{"pkg/attr", "pkg/expr", "pkg/config"}, []string{"pkg/store", "pkg/object", "drivers", "xmlrpc"}, "the ground stands on nothing"},
	{[]string{"pkg/store"}, []string{"pkg/object", "pkg/one", "drivers", "xmlrpc"}, "the store knows no domain word"},
	{rules, slices.Concat(implementations, []string{"xmlrpc", "pkg/engine", "pkg/vmrun", "pkg/imagerun", "pkg/monitor", "pkg/scheduler", "pkg/server", "pkg/cli", "pkg/client"}), "rules do no I/O and know no faces"},
	{[]string{"drivers"}, slices.Concat(rules, []string{"pkg/store", "pkg/engine", "xmlrpc", "pkg/server", "pkg/cli"}), "a driver never sees the store"},
	{[]string{"xmlrpc/one"}, slices.Concat(implementations, []string{"drivers", "pkg/engine", "pkg/vmrun", "pkg/imagerun", "pkg/monitor", "pkg/server", "pkg/cli"}), "a face never calls a driver"},
	{[]string{"pkg/cli", "pkg/client"}, slices.Concat(rules, []string{"drivers", "pkg/store", "xmlrpc/one", "pkg/server"}), "commands are clients like any other"},
	{[]string{"pkg/engine"}, []string{"drivers", "xmlrpc", "pkg/vm", "pkg/image"}, "the engine knows no noun"},
	{[]string{"pkg/vmrun", "pkg/imagerun", "pkg/monitor", "pkg/scheduler"}, []string{"xmlrpc", "pkg/server", "drivers/vmm", "drivers/tm", "drivers/datastore", "drivers/net"}, "workers use contracts"},
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			for _, ban := range bans {
				if covers(ban.who, from) && covers(ban.what, to) {
					t.Errorf("%s imports %s: %s", from, to, ban.why)
				}
			}
		}
	}
}

// TestTheWireKnowsNoDomain keeps xmlrpc itself free of everything of ours.
func TestTheWireKnowsNoDomain(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.ImportPath != module+"xmlrpc" {
			continue
		}
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, module) {
				t.Errorf("xmlrpc imports %s", imported)
			}
		}
	}
}

// TestTheDrawingIsTrue keeps the diagram in ARCHITECTURE.md.
func TestTheDrawingIsTrue(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), strings.TrimSpace(lifecycle.Diagram())) {
		t.Error("the diagram in ARCHITECTURE.md is not lifecycle.Diagram(): replace it")
	}
}

func covers(names []string, path string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return path == n || strings.HasPrefix(path, n+"/") })
}

func packages(t *testing.T) (list []pkg) {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "libvirt_dlopen", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}
