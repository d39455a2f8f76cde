package user_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// fake is an Asker that accepts the secret "open", with a given reply.
type fake struct {
	reply string
	asked atomic.Int64
	last  string
}

func (f *fake) Ask(_ context.Context, driver, name, password, secret string) (string, error) {
	f.asked.Add(1)
	f.last = fmt.Sprint(driver, " ", name, " ", password, " ", secret)
	if secret != "open" {
		return "", errors.New("wrong")
	}
	return f.reply, nil
}

// withDrivers is a world whose external drivers are a fake.
func withDrivers(t *testing.T, change func(*user.Settings)) (*world, *fake) {
	t.Helper()
	w, f := newWorld(t), &fake{}
	s := user.Settings{
		Cost: cost, Expiration: 15 * time.Minute, Umask: 0o177, OtherPermissions: true, Clock: w.clock,
		Drivers: user.DefaultDrivers(), Asker: f,
	}
	if change != nil {
		change(&s)
	}
	w.users = user.NewService(w.store, s)
	return w, f
}

func (w *world) drivenBy(id int, driver, secret string) {
	w.t.Helper()
	w.do(func(tx *store.Tx) error { return user.SetSecret(tx, id, driver, secret) })
}

func TestDriverAuthenticates(t *testing.T) {
	t.Parallel()
	w, f := withDrivers(t, nil)
	w.drivenBy(alice, "ssh", "her-key")
	if w.enter("alice:guess") != nil || w.enter("alice:pass-alice") != nil {
		t.Error("a secret that the driver refuses lets in")
	}
	if c := w.enter("alice:open"); c == nil || c.UID != alice {
		t.Errorf("the driver lets in %+v", c)
	}
	if f.last != "ssh alice her-key open" {
		t.Errorf("the driver was asked %q", f.last)
	}
	before := f.asked.Load()
	w.enter("alice:open")
	if f.asked.Load() != before {
		t.Error("who was let in is not remembered")
	}
	w.pass(16 * time.Minute)
	w.enter("alice:open")
	if f.asked.Load() != before+1 {
		t.Error("who was let in is remembered for ever")
	}
	w.do(func(tx *store.Tx) error { return user.Enable(tx, alice, false) })
	if w.enter("alice:open") != nil {
		t.Error("a disabled user is let in")
	}
}

func TestDriversThatAreNotAsked(t *testing.T) {
	t.Parallel()
	w, _ := withDrivers(t, func(s *user.Settings) { s.Asker = nil })
	w.drivenBy(alice, "ssh", "her-key")
	for _, session := range []string{"alice:open", "alice:her-key", "nobody:open"} {
		if w.enter(session) != nil {
			t.Errorf("%s is let in without a driver", session)
		}
	}
	w, f := withDrivers(t, func(s *user.Settings) { s.DefaultDriver = "ldap" })
	w.drivenBy(alice, user.DriverPublic, "x")
	w.drivenBy(bob, "server_x509", "x")
	for _, session := range []string{"alice:open", "bob:open", "serveradmin:open", "oneadmin:open", ":open", "a b:open"} {
		if w.enter(session) != nil {
			t.Errorf("%s is let in", session)
		}
	}
	if n := f.asked.Load(); n != 0 {
		t.Errorf("a driver was asked %d times", n)
	}
}

// TestDriverManagesGroups: after each login, the user is in the groups of the driver's reply,
// and administers those with a star.
func TestDriverManagesGroups(t *testing.T) {
	t.Parallel()
	w, f := withDrivers(t, nil)
	w.drivenBy(alice, "ldap", "dn")
	for _, step := range []struct {
		reply   string
		in      bool
		primary int
		groups  []int
		admin   []int
	}{
		{"ldap alice dn 100 101", true, devs, []int{devs, ops}, nil},
		{"ldap alice dn *101", true, ops, []int{ops}, []int{ops}},
		{"ldap alice dn 100 *101", true, ops, []int{devs, ops}, []int{ops}},
		{"ldap alice dn 101", true, ops, []int{ops}, nil},
		{"", true, ops, []int{ops}, nil},
		{"ldap alice dn", true, ops, []int{ops}, nil},
		{"ldap alice dn 101 4242", false, ops, []int{ops}, nil},
		{"ldap alice dn ops", false, ops, []int{ops}, nil},
	} {
		f.reply = step.reply
		w.pass(time.Hour)
		c := w.enter("alice:open")
		u := w.user(alice)
		var admin []int
		for _, gid := range []int{devs, ops} {
			if g, _ := group.Kind.Get(w.store.Read(), gid); g.IsAdmin(alice) {
				admin = append(admin, gid)
			}
		}
		if (c != nil) != step.in || u.GID != step.primary || !cmp.Equal(u.Groups, step.groups) || !cmp.Equal(admin, step.admin) {
			t.Errorf("%q: let in %v, primary %d of %v, admin of %v; want %+v", step.reply, c != nil, u.GID, u.Groups, admin, step)
		}
		if c != nil && !cmp.Equal(c.Groups, step.groups) {
			t.Errorf("%q: calls with the groups %v", step.reply, c.Groups)
		}
	}
	w.drivenBy(bob, "ssh", "key")
	f.reply = "ssh bob key 101"
	if c := w.enter("bob:open"); c == nil || !cmp.Equal(c.Groups, []int{one.UsersGroupID}) {
		t.Errorf("a driver that manages no groups changed them: %+v", c)
	}
}

// TestDefaultDriverMakesUsers that did not exist.
func TestDefaultDriverMakesUsers(t *testing.T) {
	t.Parallel()
	w, f := withDrivers(t, func(s *user.Settings) { s.DefaultDriver = "ldap" })
	f.reply = "ldap joe cn=joe *100 101"
	if w.enter("joe:guess") != nil {
		t.Error("a refused user is let in")
	}
	c := w.enter("joe:open")
	if c == nil || c.UName != "joe" || c.GID != devs || !cmp.Equal(c.Groups, []int{devs, ops}) {
		t.Fatalf("let in as %+v", c)
	}
	if f.last != "ldap joe  open" {
		t.Errorf("the driver was asked %q", f.last)
	}
	u := w.user(c.UID)
	if g, _ := group.Kind.Get(w.store.Read(), devs); u.AuthDriver != "ldap" || u.Secret != "cn=joe" || !g.IsAdmin(u.ID) {
		t.Errorf("made %+v", u)
	}
	f.reply = "core kim pass-kim"
	if c := w.enter("kim:open"); c == nil || c.GID != one.UsersGroupID {
		t.Errorf("a user of core without groups is %+v", c)
	}
	w.pass(time.Hour)
	if w.enter("kim:pass-kim") == nil || w.enter("kim:open") != nil {
		t.Error("a user of core does not log in with the password that the driver gave")
	}
	for _, reply := range []string{"", "ldap", "ldap alice x 100", "ldap new:name x 100", "core nopass", "ldap new x 4242"} {
		f.reply = reply
		if w.enter("newcomer:open") != nil {
			t.Errorf("%q makes a user", reply)
		}
	}
}
