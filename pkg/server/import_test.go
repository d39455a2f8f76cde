package server_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/server"
	"github.com/renkei-vpe/renkei/pkg/sqlite/sqlitetest"
)

// originals writes databases of OpenNebula 2.2 and of RENKEI-VPE with one user.
func originals(t *testing.T) (dir, core, rvped string) {
	t.Helper()
	dir = t.TempDir()
	core, rvped = filepath.Join(dir, "one.db"), filepath.Join(dir, "rvped.db")
	table := func(sql string, rows ...[]any) sqlitetest.Table {
		return sqlitetest.Table{SQL: "CREATE TABLE " + sql, Rows: rows}
	}
	const sum = "a5771e9d7527c46cfa8c3e1d16649757adc4e3d8" // of alicepw
	for path, tables := range map[string][]sqlitetest.Table{
		core: {
			table("user_pool (oid INTEGER PRIMARY KEY, user_name TEXT, password TEXT, enabled INTEGER)", []any{0, "oneadmin", "x", 1}, []any{1, "alice", sum, 1}),
			table("cluster_pool (oid INTEGER PRIMARY KEY, cluster_name TEXT)", []any{0, "default"}), table("host_pool (oid)"), table("network_pool (oid)"),
			table("leases (oid)"), table("image_pool (oid)"), table("vm_pool (oid)"), table("history (vid)"),
		},
		rvped: {
			table("users (id INTEGER PRIMARY KEY AUTOINCREMENT, oid INTEGER, name TEXT, enabled INTEGER, zones TEXT, vm_cnt INTEGER, limits TEXT, uses TEXT)",
				[]any{0, 0, "oneadmin", 1, "", -1, "", ""}, []any{5, 1, "alice", 1, "", -1, "", ""}),
			table("zones (id)"), table("virtual_networks (id)"), table("leases (id)"), table("vm_types (id)"), table("transfers (id)"),
			table("virtual_machines (id, oid, info)"),
		},
	} {
		if err := sqlitetest.Write(path, tables...); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("ONE_AUTH", filepath.Join(dir, "auth"))
	if err := os.WriteFile(filepath.Join(dir, "auth"), []byte("oneadmin:secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, core, rvped
}

// TestImportRVPE makes a dry run, imports, and is refused a second time; then an imported user
// logs in with his old password.
func TestImportRVPE(t *testing.T) {
	dir, core, rvped := originals(t)
	c := config.Default()
	c.Markets = config.Markets{} // tests reach for nothing outside
	c.Data, c.Listen, c.Auth.HashCost = filepath.Join(dir, "data"), "127.0.0.1:0", 4
	c.Listeners = []config.Listener{{Face: "rvpe", Listen: "localhost:0"}}
	run := func(job server.Import) (string, error) {
		var told bytes.Buffer
		err := job.Run(t.Context(), c, zerolog.Nop(), &told)
		return told.String(), err
	}
	for want, job := range map[string]server.Import{
		"give that, too, with --one": {Database: rvped},
		"are the wrong way round":    {Database: core, Core: rvped},
		"this is no SQLite database": {Database: filepath.Join(dir, "auth")},
		"--one is for RENKEI-VPE's":  {Database: core, Core: core},
		"no such file or directory":  {Database: rvped, Core: filepath.Join(dir, "none")},
	} {
		if _, err := run(job); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %q", job, err, want)
		}
	}
	told, err := run(server.Import{Database: rvped, Core: core, DryRun: true})
	if err != nil || !strings.Contains(told, "     2 members\n") {
		t.Fatalf("%v: %s", err, told)
	}
	if _, err := os.Stat(c.Data); err == nil {
		t.Error("a dry run has created the data folder")
	}
	if _, err := run(server.Import{Database: rvped, Core: core}); err != nil {
		t.Fatal(err)
	}
	if _, err := run(server.Import{Database: rvped, Core: core}); err == nil || !strings.Contains(err.Error(), "fresh") {
		t.Errorf("a second time: %v", err)
	}
	s := site{t: t, url: "http://" + open(t, -1, func(o *config.Config) { *o = c }).addresses[1] + "/"}
	answer := s.must("rvpe.user.info", "alice:a5771e9d7527c46cfa8c3e1d16649757adc4e3d8", 5).(string)
	if !strings.Contains(answer, "<ID>5</ID><NAME>alice</NAME>") {
		t.Error(answer)
	}
}
