package authrun_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/authrun"
)

// folder makes drivers from shell scripts.
func folder(t *testing.T, scripts map[string]string) *authrun.Driver {
	t.Helper()
	dir := t.TempDir()
	for name, script := range scripts {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "authenticate"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return &authrun.Driver{Dir: dir, Timeout: time.Minute, Execute: run}
}

func run(ctx context.Context, args []string, stdin io.Reader) ([]byte, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin = stdin
	return cmd.Output()
}

func TestAsk(t *testing.T) {
	t.Parallel()
	d := folder(t, map[string]string{
		"echo": "cat", "no": "exit 1", "quiet": "exit 0", "groups": "echo ' groups joe - 100 *101 '",
	})
	for _, tt := range []struct{ driver, name, password, secret, reply, fails string }{
		{driver: "echo", name: "joe", password: "kept", secret: "a:<b>&c", reply: "<AUTHN><USERNAME>joe</USERNAME><PASSWORD>kept</PASSWORD><SECRET>a:&lt;b&gt;&amp;c</SECRET></AUTHN>"},
		{driver: "echo", name: "joe", password: "-", secret: "x", reply: "<AUTHN><USERNAME>joe</USERNAME><PASSWORD></PASSWORD><SECRET>x</SECRET></AUTHN>"},
		{driver: "groups", reply: "groups joe - 100 *101"},
		{driver: "quiet"},
		{driver: "no", fails: "exit status 1"},
		{driver: "none", fails: "Authentication driver 'none' not available"},
		{driver: "", fails: "not available"},
		{driver: ".", fails: "not available"},
		{driver: "..", fails: "not available"},
		{driver: "x/../echo", fails: "not available"},
	} {
		reply, err := d.Ask(t.Context(), tt.driver, tt.name, tt.password, tt.secret)
		if reply != tt.reply || (err == nil) != (tt.fails == "") || err != nil && !strings.Contains(err.Error(), tt.fails) {
			t.Errorf("%s: got %q, %v; want %q, %q", tt.driver, reply, err, tt.reply, tt.fails)
		}
	}
}

func TestOnlyListedDriversAreAsked(t *testing.T) {
	t.Parallel()
	d := folder(t, map[string]string{"ssh": "exit 0", "ldap": "exit 0"})
	d.Names = []string{"ssh"}
	if _, err := d.Ask(t.Context(), "ssh", "joe", "", "x"); err != nil {
		t.Error(err)
	}
	if _, err := d.Ask(t.Context(), "ldap", "joe", "", "x"); err == nil {
		t.Error("a driver that is not listed was run")
	}
}

func TestDriverThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	d := folder(t, map[string]string{"slow": "exec sleep 600"})
	d.Timeout = time.Second
	_, err := d.Ask(t.Context(), "slow", "joe", "", "x")
	if err == nil || !strings.Contains(err.Error(), "no answer within 1s") {
		t.Errorf("got %v", err)
	}
}
