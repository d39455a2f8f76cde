package network_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// fataler is what tests, benchmarks and property tests have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// world is a store with networks in it.
type world struct {
	t  fataler
	st *store.Store
	s  network.Settings
}

var (
	admin = &one.Caller{Groups: []int{0}, UName: "oneadmin", GName: "oneadmin", Umask: 0o177}
	alice = &one.Caller{UID: 2, GID: 100, Groups: []int{100}, UName: "alice", GName: "devs", Umask: 0o177}
)

// newWorld has the default cluster and the users oneadmin and alice.
func newWorld(t fataler) *world {
	t.Helper()
	tables := append(quota.Tables(), cluster.Kind.Table, group.Kind.Table, network.Kind.Table, network.Guests, network.Lags, network.Leases, user.Kind.Table)
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: tables})
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	w := &world{t, st, network.DefaultSettings()}
	w.do(func(tx *store.Tx) error {
		cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{ID: 0, Name: "default"}})
		for _, c := range []*one.Caller{admin, alice} {
			user.Kind.Put(tx, &user.User{Meta: object.Meta{ID: c.UID, UID: c.UID, Name: c.UName}})
		}
		return nil
	})
	return w
}

func open(t testing.TB) *world {
	w := newWorld(t)
	t.Cleanup(func() { w.st.Close() })
	return w
}

// try runs a transaction and returns its error.
func (w *world) try(fn func(tx *store.Tx) error) error {
	return w.st.Update(context.Background(), fn)
}

func (w *world) do(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.try(fn); err != nil {
		w.t.Fatalf("%v", err)
	}
}

// parse reads a template of a test.
func (w *world) parse(text string) attr.Template {
	w.t.Helper()
	t, err := attr.Parse(text)
	if err != nil {
		w.t.Fatalf("%s: %v", text, err)
	}
	return t
}

// net makes a network with an address range.
func (w *world) net(name, ar string) int {
	w.t.Helper()
	id, err := w.allocate(admin, "NAME="+name+"\nVN_MAD=bridge\nAR=["+ar+"]")
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return id
}

func (w *world) allocate(c *one.Caller, text string) (id int, err error) {
	t := w.parse(text)
	err = w.try(func(tx *store.Tx) (err error) {
		id, err = network.Allocate(tx, w.s, c, t, -1)
		return err
	})
	return id, err
}

// attach connects a NIC of a VM and returns the NIC as it became.
func (w *world) attach(vm int, nic string) (attr.Attr, error) {
	v := w.parse("NIC=[" + nic + "]").Vector("NIC").Clone()
	err := w.try(func(tx *store.Tx) error {
		return network.Attach(tx, w.s, network.Holder{Kind: one.KindVM, ID: vm}, 0, &v)
	})
	return v, err
}

func (w *world) detach(vm int, nic attr.Attr) {
	w.t.Helper()
	w.do(func(tx *store.Tx) error {
		network.Detach(tx, network.Holder{Kind: one.KindVM, ID: vm}, &nic)
		return nil
	})
}

// with runs a rule that takes a template.
func (w *world) with(rule func(*store.Tx, int, attr.Template) error, id int, text string) error {
	t := w.parse(text)
	return w.try(func(tx *store.Tx) error { return rule(tx, id, t) })
}

func (w *world) addAR(c *one.Caller, id int, ar string) error {
	return w.with(func(tx *store.Tx, id int, t attr.Template) error {
		return network.AddAR(tx, w.s, c, id, t)
	}, id, "AR=["+ar+"]")
}

func (w *world) updateAR(c *one.Caller, id int, ar string) error {
	return w.with(func(tx *store.Tx, id int, t attr.Template) error {
		return network.UpdateAR(tx, w.s, c, id, t)
	}, id, "AR=["+ar+"]")
}

func (w *world) reserve(c *one.Caller, parent int, text string) (id int, err error) {
	t := w.parse(text)
	err = w.try(func(tx *store.Tx) (err error) {
		id, _, err = network.Reserve(tx, w.s, c, parent, t)
		return err
	})
	return id, err
}

func (w *world) removeAR(id, ar int, force bool) error {
	return w.try(func(tx *store.Tx) error { return network.RemoveAR(tx, id, ar, force) })
}

func (w *world) get(id int) *network.VNet {
	w.t.Helper()
	n, err := network.Kind.Get(w.st.Read(), id)
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return n
}

// leases counts the rows of leases.
func (w *world) leases() int { return network.Leases.Len(w.st.Read()) }

// message returns the text of an error as a caller sees it.
func message(err error) string {
	var e *one.Error
	if errors.As(err, &e) {
		return e.Msg
	}
	if err != nil {
		return "untyped: " + err.Error()
	}
	return ""
}

func id(n int) string { return strconv.Itoa(n) }

// ownership is everything to c.
func ownership(c *one.Caller) object.Ownership {
	return object.Ownership{UID: c.UID, GID: c.GID, UName: c.UName, GName: c.GName}
}
