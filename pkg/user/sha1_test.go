package user_test

import (
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// TestOldSessionsNeedThePasswordFirst: the SHA-1 of a password is only accepted after the user
// has come with the password, and only in the old form of session.
func TestOldSessionsNeedThePasswordFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sum := user.SHA1Hex("pass-alice")
	for i, step := range []struct {
		session string
		old, in bool
	}{
		{"alice:" + sum, true, false}, {"alice:wrong", true, false},
		{"alice:pass-alice", true, true}, {"alice:" + sum, true, true}, {"alice:" + strings.ToUpper(sum), true, true},
		{"alice:" + user.SHA1Hex("wrong"), true, false},
		{"alice:" + sum, false, false}, {"alice:pass-alice", false, true},
		{"nobody:" + sum, true, false}, {"serveradmin:" + sum, true, false},
	} {
		ask := w.users.Authenticate
		if step.old {
			ask = w.users.AuthenticateOld
		}
		if _, err := ask(t.Context(), step.session); (err == nil) != step.in {
			t.Errorf("step %d, %s: got %v, want it let in: %v", i, step.session, err, step.in)
		}
	}
}

// TestOldSecrets: for a user that a tool of 2.2 made, only the SHA-1 of the password is known.
// The password is accepted everywhere; the stored hash is accepted nowhere.
func TestOldSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secrets, err := user.OldSecrets(user.SHA1Hex("hidden"), 4)
	if err != nil {
		t.Fatal(err)
	}
	w.do(func(tx *store.Tx) error { return user.SetSecrets(tx, alice, secrets) })
	for session, in := range map[string]bool{
		"alice:" + user.SHA1Hex("hidden"): true, "alice:hidden": true, "alice:pass-alice": false, "alice:" + secrets.SHA1Secret: false,
	} {
		if _, err := w.users.AuthenticateOld(t.Context(), session); (err == nil) != in {
			t.Errorf("old session %s: got %v, want it let in: %v", session, err, in)
		}
	}
	if _, err := w.users.Authenticate(t.Context(), "alice:hidden"); err != nil {
		t.Errorf("with the password: %v", err)
	}
	if _, err := w.users.Authenticate(t.Context(), "alice:"+user.SHA1Hex("hidden")); err == nil {
		t.Error("the SHA-1 is taken where only passwords are")
	}
	w.do(func(tx *store.Tx) error { return user.SetSecret(tx, alice, user.DriverCore, w.hash("new")) })
	if _, err := w.users.AuthenticateOld(t.Context(), "alice:"+user.SHA1Hex("hidden")); err == nil {
		t.Error("the old SHA-1 is taken after the password was changed")
	}
}
