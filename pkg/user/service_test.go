package user_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.allocate(user.New{Name: "eve", Secret: "eve-dn", AuthDriver: user.DriverPublic})
	w.allocate(user.New{Name: "dave", Secret: "x", AuthDriver: "nosuchdriver"})
	w.allocate(user.New{Name: "carol", Secret: w.hash("pass-carol")})
	w.do(func(tx *store.Tx) error { return user.Enable(tx, w.named("carol"), false) })
	got := map[string]int{}
	for _, session := range []string{
		"oneadmin:opennebula", "alice:pass-alice", "bob:pass-bob",
		"alice:pass-bob", "alice:", "alice", "", ":", ":pass-alice", "nobody:x", " alice:pass-alice", "alice:pass-alice ",
		"eve:eve-dn", "dave:x", "carol:pass-carol", "serveradmin:server", "alice:" + w.user(alice).Secret,
	} {
		for range 2 { // the second time is the same, whether refused or not
			got[session] = -1
			if c := w.enter(session); c != nil {
				got[session] = c.UID
			}
		}
	}
	want := map[string]int{"oneadmin:opennebula": 0, "alice:pass-alice": alice, "bob:pass-bob": bob}
	for session, uid := range got {
		if w, in := want[session]; in && uid != w || !in && uid != -1 {
			t.Errorf("%q is user %d", session, uid)
		}
	}
}

func (w *world) named(name string) int {
	u, ok := user.Kind.Named(w.store.Read(), name, 0)
	if !ok {
		w.t.Fatalf("no user %s", name)
	}
	return u.ID
}

func TestCallerIsTheUserWithHisGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *store.Tx) error { return user.AddGroup(tx, alice, ops) })
	want := &one.Caller{UID: alice, GID: devs, Groups: []int{devs, ops}, UName: "alice", GName: "devs", Umask: 0o177}
	if diff := cmp.Diff(want, w.enter("alice:pass-alice")); diff != "" {
		t.Errorf("wrong caller:\n%s", diff)
	}
}

func TestUmask(t *testing.T) {
	t.Parallel()
	for own, want := range map[string]int{"": 0o177, "022": 0o022, "7777": 0o777, "abc": 0o177, "-1": 0o177} {
		w := newWorld(t)
		w.edit(alice, func(u *user.User) { u.Template.Set("UMASK", own) })
		if got := w.enter("alice:pass-alice").Umask; got != want {
			t.Errorf("UMASK=%q makes %o, want %o", own, got, want)
		}
	}
}

func TestChangesOfUsersTakeEffectAtOnce(t *testing.T) {
	t.Parallel()
	const session = "alice:pass-alice"
	tests := []struct {
		name   string
		change func(tx *store.Tx, w *world) error
		in     bool
	}{
		{"password", func(tx *store.Tx, w *world) error {
			return user.SetSecret(tx, alice, user.DriverCore, "$2a$04$another.hash")
		}, false},
		{"driver", func(tx *store.Tx, _ *world) error { return user.SetSecret(tx, alice, user.DriverPublic, "") }, false},
		{"disabled", func(tx *store.Tx, _ *world) error { return user.Enable(tx, alice, false) }, false},
		{"deleted", func(tx *store.Tx, _ *world) error { return user.Delete(tx, alice) }, false},
		{"group", func(tx *store.Tx, _ *world) error { return user.AddGroup(tx, alice, ops) }, true},
		{"template", func(tx *store.Tx, _ *world) error {
			return user.Kind.Update(tx, oneadmin(), alice, "UMASK=077", true, nil)
		}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			before := w.enter(session)
			w.do(func(tx *store.Tx) error { return tt.change(tx, w) })
			after := w.enter(session)
			if tt.in != (after != nil) {
				t.Fatalf("caller %+v, want one: %v", after, tt.in)
			}
			if tt.in && cmp.Equal(before, after) {
				t.Error("the caller is as before")
			}
		})
	}
}

func TestRememberedSessionsAge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enter("alice:pass-alice")
	w.pass(time.Hour)
	if w.enter("alice:pass-alice") == nil {
		t.Error("the password no longer works after an hour")
	}
}

func TestCallersDoNotShare(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enter("alice:pass-alice").ReqID = 7
	if got := w.enter("alice:pass-alice").ReqID; got != 0 {
		t.Errorf("a caller carries the request %d of another", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			session, want := "alice:pass-alice", alice
			if i%2 == 0 {
				session, want = "alice:wrong", -1
			}
			got := -1
			if c := w.enter(session); c != nil {
				got = c.UID
			}
			if got != want {
				t.Errorf("%s is %d, want %d", session, got, want)
			}
		})
	}
	wg.Wait()
}

func TestRememberedSessionIsQuick(t *testing.T) {
	w := newWorld(t)
	w.enter("alice:pass-alice")
	if n := testing.AllocsPerRun(100, func() { w.enter("alice:pass-alice") }); n > 2 {
		t.Errorf("%v allocations, want the caller and what looking a row up takes", n)
	}
}

func BenchmarkRememberedSession(b *testing.B) {
	w := newWorld(b)
	w.enter("alice:pass-alice")
	b.ReportAllocs()
	for b.Loop() {
		w.enter("alice:pass-alice")
	}
}

func BenchmarkRememberedSessionParallel(b *testing.B) {
	w := newWorld(b)
	w.enter("alice:pass-alice")
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			w.enter("alice:pass-alice")
		}
	})
}
