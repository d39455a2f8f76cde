package server_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/config"
)

// TestAuthDrivers authenticates users by a shell script in the form of OpenNebula's drivers: it
// creates unknown users, and moves them between groups.
func TestAuthDrivers(t *testing.T) {
	dir := t.TempDir()
	driver := filepath.Join(dir, "paper")
	if err := os.MkdirAll(driver, 0o755); err != nil {
		t.Fatal(err)
	}
	script := `#!/bin/sh
asked=$(cat)
case $asked in
*'<USERNAME>joe</USERNAME>'*'<SECRET>open</SECRET>'*) echo "paper joe joe-at-home $(cat ` + dir + `/groups)" ;;
*) echo "who is that?" >&2; exit 255 ;;
esac
`
	if err := os.WriteFile(filepath.Join(driver, "authenticate"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	groups := func(list string) {
		if err := os.WriteFile(filepath.Join(dir, "groups"), []byte(list), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := open(t, -1, func(c *config.Config) {
		c.Auth.Dir, c.Auth.Default, c.Auth.SessionExpiration = dir, "paper", 0
		c.Auth.Drivers = []config.AuthDriver{{Name: "paper", Groups: true, GroupAdmins: true, MaxTokenTime: 60}, {Name: "core", MaxTokenTime: -1}}
	})
	call := func(auth, method string, args ...any) string {
		answer, err := dial(t, w.endpoint, auth).Call(context.Background(), method, args...)
		if err != nil {
			return err.Error()
		}
		return answer.Text
	}
	call("oneadmin:secret", "one.group.allocate", "devs")
	call("oneadmin:secret", "one.group.allocate", "ops")
	groups("*100")
	for _, step := range []struct {
		auth, method string
		args         []any
		before       string // groups that the driver returns from now on
		says         string
	}{
		{"joe:shut", "one.user.info", []any{-1}, "", "User couldn't be authenticated"},
		{"ann:open", "one.user.info", []any{-1}, "", "User couldn't be authenticated"},
		{"joe:open", "one.user.info", []any{-1}, "", "<ID>2</ID><GID>100</GID><GROUPS><ID>100</ID></GROUPS><GNAME>devs</GNAME><NAME>joe</NAME>"},
		{"joe:open", "one.user.info", []any{-1}, "", "<AUTH_DRIVER><![CDATA[paper]]></AUTH_DRIVER>"},
		{"oneadmin:secret", "one.group.info", []any{100}, "", "<ADMINS><ID>2</ID></ADMINS>"},
		{"joe:open", "one.user.info", []any{-1}, "101", "<ID>2</ID><GID>101</GID><GROUPS><ID>101</ID></GROUPS>"},
		{"oneadmin:secret", "one.group.info", []any{100}, "", "<ADMINS></ADMINS>"},
		{"oneadmin:secret", "one.user.addgroup", []any{2, 100}, "", "Groups cannot be manually managed for auth driver paper"},
		{"oneadmin:secret", "one.user.delgroup", []any{2, 101}, "", "Groups cannot be manually managed for auth driver paper"},
		{"oneadmin:secret", "one.user.chgrp", []any{2, 100}, "", "Groups cannot be manually managed for auth driver paper"},
		{"joe:open", "one.user.passwd", []any{2, "new"}, "", "Password for driver paper cannot be changed."},
		{"joe:open", "one.user.login", []any{"joe", "tok", -1, -1}, "", "tok"},
		{"joe:tok", "one.user.info", []any{-1}, "", "<NAME>joe</NAME>"},
		{"oneadmin:secret", "one.user.login", []any{"oneadmin", "", 60, -1}, "", "Login tokens are disabled for driver core"},
		{"oneadmin:secret", "one.system.config", nil, "", "<NAME><![CDATA[paper]]></NAME><PASSWORD_CHANGE><![CDATA[NO]]></PASSWORD_CHANGE>"},
	} {
		if step.before != "" {
			groups(step.before)
		}
		if got := call(step.auth, step.method, step.args...); !strings.Contains(got, step.says) {
			t.Errorf("%s %v as %s: got %.600s, want %s", step.method, step.args, step.auth, got, step.says)
		}
	}
	if info := call("joe:open", "one.user.info", -1); strings.Contains(info, "<EXPIRATION_TIME>-1</EXPIRATION_TIME>") {
		t.Errorf("the token does not expire: %s", info)
	}
}

// TestClosedToOthers: where users may not give permissions to others
// (ENABLE_OTHER_PERMISSIONS), administrators still may, and permissions that are set already
// may be set again.
func TestClosedToOthers(t *testing.T) {
	w := open(t, -1, func(c *config.Config) { c.Auth.OtherPermissions = false })
	call := func(auth, method string, args ...any) string {
		if _, err := dial(t, w.endpoint, auth).Call(context.Background(), method, args...); err != nil {
			return err.Error()
		}
		return ""
	}
	call("oneadmin:secret", "one.user.allocate", "alice", "secret", "core")
	call("oneadmin:secret", "one.document.allocate", "NAME=d", 0)
	call("oneadmin:secret", "one.document.chown", 0, 2, 1)
	for _, step := range []struct {
		auth string
		bits []any
		says string
	}{
		{"alice:secret", []any{0, -1, -1, -1, 1, -1, -1, -1, -1, -1}, ""},
		{"alice:secret", []any{0, -1, -1, -1, -1, -1, -1, 0, 0, 0}, ""},
		{"alice:secret", []any{0, -1, -1, -1, -1, -1, -1, 1, -1, -1}, "[one.document.chmod] User [2] : 'other' permissions is disabled in oned.conf."},
		{"oneadmin:secret", []any{0, -1, -1, -1, -1, -1, -1, 1, -1, -1}, ""},
		{"alice:secret", []any{0, -1, -1, -1, -1, -1, -1, 1, -1, -1}, ""},
		{"alice:secret", []any{0, -1, -1, -1, -1, -1, -1, 0, -1, -1}, "[one.document.chmod] User [2] : 'other' permissions is disabled in oned.conf."},
	} {
		if got := call(step.auth, "one.document.chmod", step.bits...); !strings.Contains(got, step.says) || (got == "") != (step.says == "") {
			t.Errorf("chmod %v as %s: got %q, want %q", step.bits, step.auth, got, step.says)
		}
	}
}
