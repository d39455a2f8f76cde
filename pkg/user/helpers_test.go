package user_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// Users that world makes.
const (
	alice = 2 // in devs
	bob   = 3 // in users
	devs  = 100
	ops   = 101
)

// cost is bcrypt's lowest.
const cost = 4

// world is a store with the initial users, alice and bob.
type world struct {
	t     testing.TB
	store *store.Store
	users *user.Service
	now   atomic.Int64 // seconds
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t}
	w.now.Store(1_000_000)
	tables := append(quota.Tables(), user.Kind.Table, group.Kind.Table, acl.Rules)
	var err error
	if w.store, err = store.Open(store.Options{Log: memlog.New(), Tables: tables, Clock: w.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	w.users = user.NewService(w.store, user.Settings{
		Cost: cost, Expiration: 15 * time.Minute, Umask: 0o177, OtherPermissions: true, Clock: w.clock,
	})
	w.do(func(tx *store.Tx) error {
		group.Setup(tx)
		user.Setup(tx, user.First{Oneadmin: "oneadmin", Secret: w.hash("opennebula"), Serveradmin: user.ServerKey("server")})
		_, err1 := group.Allocate(tx, "devs")
		_, err2 := group.Allocate(tx, "ops")
		return errors.Join(err1, err2)
	})
	w.allocate(user.New{Name: "alice", Secret: w.hash("pass-alice"), Groups: []int{devs}})
	w.allocate(user.New{Name: "bob", Secret: w.hash("pass-bob"), Groups: []int{one.UsersGroupID}})
	return w
}

func (w *world) clock() time.Time { return time.Unix(w.now.Load(), 0) }

// pass advances the clock.
func (w *world) pass(d time.Duration) { w.now.Add(int64(d / time.Second)) }

// try runs fn in a transaction.
func (w *world) try(fn func(tx *store.Tx) error) error { return w.store.Update(w.t.Context(), fn) }

// do is try for what must succeed.
func (w *world) do(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.try(fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) hash(password string) string {
	w.t.Helper()
	secret, err := user.Secret(user.DriverCore, password, cost)
	if err != nil {
		w.t.Fatal(err)
	}
	return secret
}

func (w *world) allocate(n user.New) (id int) {
	w.t.Helper()
	w.do(func(tx *store.Tx) (err error) {
		id, err = user.Allocate(tx, oneadmin(), n)
		return err
	})
	return id
}

// edit changes a user without any rule.
func (w *world) edit(id int, change func(*user.User)) {
	w.t.Helper()
	w.do(func(tx *store.Tx) error {
		u, err := user.Kind.Edit(tx, id)
		if err != nil {
			return err
		}
		change(u)
		user.Kind.Put(tx, u)
		return nil
	})
}

func (w *world) user(id int) *user.User {
	w.t.Helper()
	u, err := user.Kind.Get(w.store.Read(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// enter returns the caller of a session, or nil if it is refused.
func (w *world) enter(session string) *one.Caller {
	w.t.Helper()
	c, err := w.users.Authenticate(w.t.Context(), session)
	if err != nil && !errors.Is(err, one.ErrAuthentication) {
		w.t.Fatalf("%q: %v", session, err)
	}
	return c
}

func oneadmin() *one.Caller { return &one.Caller{Groups: []int{0}, UName: "oneadmin"} }

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
