package cli_test

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/cli"
)

// update rewrites what the scripts expect: go test ./pkg/cli -update
var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

// noon is the time at which all scripts run.
var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// TestMain lets this test binary play every command in the scripts.
func TestMain(m *testing.M) {
	commands := map[string]func(){}
	for _, name := range []string{
		"renkei", "onevm", "oneimage", "onehost", "onevnet", "onetemplate",
		"oneuser", "onegroup", "onecluster", "onedatastore", "oneacl", "onezone", "onehook", "onesecgroup", "onevdc", "onevntemplate",
		"onevrouter", "onevmgroup", "onemarket", "onemarketapp", "onebackupjob", "oneacct", "oneshowback",
	} {
		commands[name] = program
	}
	testscript.Main(m, commands)
}

func program() {
	io := cli.Std()
	io.Now = func() time.Time { return noon }
	code, ok := cli.Run(context.Background(), os.Args, io)
	if !ok {
		root := &cobra.Command{Use: "renkei"}
		root.AddCommand(cli.Nouns(io)...)
		code = cli.Execute(context.Background(), root, os.Args[1:], io)
	}
	os.Exit(code)
}

func TestScripts(t *testing.T) {
	t.Parallel()
	if raceDetector {
		t.Skip("each command is a process of one goroutine: the race detector finds nothing there and takes minutes to start them")
	}
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		Setup:         startServer,
		UpdateScripts: *update,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"calls": takeCalls,
		},
	})
}

// startServer gives each script a server of its own, which answers with the
// files of testdata/answers and of the script's folder answers.
func startServer(env *testscript.Env) error {
	server := newFakeServer(filepath.Join(env.WorkDir, "answers"), filepath.Join("testdata", "answers"))
	env.Defer(server.close)
	env.Values[serverKey{}] = server
	home := filepath.Join(env.WorkDir, "home")
	if err := os.MkdirAll(filepath.Join(home, ".one"), 0o755); err != nil {
		return err
	}
	env.Setenv("HOME", home)
	env.Setenv("TZ", "UTC")
	env.Setenv("ONE_XMLRPC", server.url())
	if err := writeKey(filepath.Join(env.WorkDir, "key.pem")); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(home, ".one", "one_auth"), []byte("oneadmin:secret\n"), 0o600)
}

// writeKey writes the private key that all scripts may use, always the same.
func writeKey(path string) error {
	der, err := x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
}

type serverKey struct{}

// takeCalls writes the calls made since it last ran, a call a line, into the
// file calls of the script.
func takeCalls(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: calls")
	}
	made := ts.Value(serverKey{}).(*fakeServer).taken()
	ts.Check(os.WriteFile(ts.MkAbs("calls"), []byte(made), 0o600))
}
