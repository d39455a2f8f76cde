package rvpe_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/cli/rvpe"
)

// update rewrites what the scripts expect: go test ./pkg/cli/rvpe -update
var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

// now is the time at which all scripts run, a day and some after the VMs in them began.
var now = time.Date(2026, time.November, 27, 12, 0, 0, 0, time.UTC)

// TestMain lets this test binary play every command in the scripts.
func TestMain(m *testing.M) {
	commands := map[string]func(){}
	for _, name := range rvpe.Names() {
		commands[name] = program
	}
	testscript.Main(m, commands)
}

func program() {
	io := cli.Std()
	io.Now = func() time.Time { return now }
	code, ok := rvpe.Run(context.Background(), os.Args, io)
	if !ok {
		code = 99
	}
	os.Exit(code)
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		Setup:         startServer,
		UpdateScripts: *update,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"calls": takeCalls,
		},
	})
}

// startServer gives each script a server of its own, which answers with the files of
// the script's folder answers and of testdata/answers.
func startServer(env *testscript.Env) error {
	server := newFakeServer(filepath.Join(env.WorkDir, "answers"), filepath.Join("testdata", "answers"))
	env.Defer(server.http.Close)
	env.Values[serverKey{}] = server
	home := filepath.Join(env.WorkDir, "home")
	if err := os.MkdirAll(filepath.Join(home, ".rvpe_env"), 0o755); err != nil {
		return err
	}
	env.Setenv("PATH", filepath.SplitList(env.Getenv("PATH"))[0]) // our commands, and no qemu-img of this machine
	env.Setenv("HOME", home)
	env.Setenv("TZ", "UTC")
	env.Setenv("ONE_AUTH", "")
	env.Setenv("RVPE_XMLRPC", server.http.URL+"/")
	return os.WriteFile(filepath.Join(home, ".rvpe_env", "one_auth"), []byte("oneadmin:secret\n"), 0o600)
}

type serverKey struct{}

// takeCalls writes the calls made since it last ran, a call a line, into the file
// calls of the script.
func takeCalls(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: calls")
	}
	made := strings.ReplaceAll(ts.Value(serverKey{}).(*fakeServer).taken(), ts.Getenv("WORK"), "$WORK")
	ts.Check(os.WriteFile(ts.MkAbs("calls"), []byte(made), 0o600))
}
