package schema_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/schema"
)

// declared matches where a package declares a table.
var declared = regexp.MustCompile(`(?:object\.Define|store\.New(?:Table|Volatile))(?:\[[^\]]*\])?\(\s*"([^"]+)"`)

// TestAllTablesAreListed looks for tables in the source: one that is not listed
// would be missing from every store.
func TestAllTablesAreListed(t *testing.T) {
	t.Parallel()
	var want, got []string
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range declared.FindAllSubmatch(text, -1) {
			want = append(want, string(found[1]))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range schema.Tables() {
		got = append(got, table.Name())
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tables in the source (-) and in the list (+):\n%s", diff)
	}
}
