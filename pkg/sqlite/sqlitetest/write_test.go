package sqlitetest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/sqlite/sqlitetest"
)

// TestWhatIsWrittenIsRead: small and large rows, a few and many, with and without row IDs.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	keyed := sqlitetest.Table{SQL: "CREATE TABLE keyed (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, n INTEGER)"}
	plain := sqlitetest.Table{SQL: "CREATE TABLE plain (body MEDIUMTEXT, x REAL, PRIMARY KEY(body, x))"}
	for i := range 1000 {
		keyed.Rows = append(keyed.Rows, []any{1000 * (i + 1), strings.Repeat("x", i), -i})
	}
	for _, size := range []int{0, 1, 4061, 4062, 5000, 20000} {
		plain.Rows = append(plain.Rows, []any{strings.Repeat("é", size), 0.5})
	}
	if err := sqlitetest.Write(path, keyed, plain, sqlitetest.Table{SQL: "CREATE TABLE empty (a)"}); err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, table := range map[string]sqlitetest.Table{"keyed": keyed, "plain": plain, "empty": {}} {
		rows, err := db.Rows(name)
		if err != nil {
			t.Fatal(err)
		}
		var got [][]any
		for _, r := range rows {
			if name == "keyed" {
				got = append(got, []any{int(r.Int("id")), r.Text("name"), int(r.Int("n"))})
			} else {
				got = append(got, []any{r.Text("body"), r["x"]})
			}
		}
		if diff := cmp.Diff(table.Rows, got); diff != "" {
			t.Errorf("%s: %.500s", name, diff)
		}
	}
}
