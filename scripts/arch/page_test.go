package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/lifecycle"
)

// root is the folder of the project.
const root = "../.."

// pages are documents about the code.
var pages = []string{"ARCHITECTURE.md", "README.md", "docs/checklist-rpc.md", "scripts/README.md"}

// TestDiagramIsUpToDate compares the diagram in ARCHITECTURE.md with the table.
func TestDiagramIsUpToDate(t *testing.T) {
	t.Parallel()
	if want := strings.TrimSpace(lifecycle.Diagram()); !strings.Contains(read(t, "ARCHITECTURE.md"), want) {
		t.Errorf("the diagram in ARCHITECTURE.md is not that of the table; put this in its place:\n%s", want)
	}
}

// inTree matches paths of this tree in a document, in code marks or links.
var inTree = regexp.MustCompile("[`(]((?:cmd|docs|drivers|pkg|scripts|templates|xmlrpc)/[A-Za-z0-9_./-]+)[`)]")

// TestPagesNameWhatExists: paths in documents exist.
func TestPagesNameWhatExists(t *testing.T) {
	t.Parallel()
	pages := append([]string{}, pages...)
	records, err := filepath.Glob(filepath.Join(root, "docs/adr/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		pages = append(pages, filepath.Join("docs/adr", filepath.Base(r)))
	}
	for _, page := range pages {
		for _, named := range inTree.FindAllStringSubmatch(read(t, page), -1) {
			if _, err := os.Stat(filepath.Join(root, named[1])); err != nil {
				t.Errorf("%s names %s, which is not there", page, named[1])
			}
		}
	}
}

// TestEveryPackageIsInTheDocument: every package is in ARCHITECTURE.md.
func TestEveryPackageIsInTheDocument(t *testing.T) {
	t.Parallel()
	page := read(t, "ARCHITECTURE.md")
	for _, p := range packages(t) {
		if strings.HasPrefix(p.path, "pkg/") && strings.Count(p.path, "/") == 1 && !strings.Contains(page, "`"+p.path+"`") {
			t.Errorf("ARCHITECTURE.md does not name %s", p.path)
		}
	}
}

func read(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
