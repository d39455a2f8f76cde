package object_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// thing is a kind that is nothing but its head.
type thing struct{ object.Meta }

// Clone implements store.Cloner.
func (v *thing) Clone() *thing { return &thing{Meta: v.Copy()} }

// Kinds with names of each scope; the first IDs are those of groups.
var (
	free    = object.Define[thing]("free", object.Spec[thing]{Kind: one.KindVM})
	owned   = object.Define[thing]("owned", object.Spec[thing]{Kind: one.KindImage, Names: object.NamesPerOwner, First: 100})
	general = object.Define[thing]("general", object.Spec[thing]{Kind: one.KindHost, Names: object.NamesGlobal, NameBans: "@"})
)

var (
	oneadmin = &one.Caller{UName: "oneadmin", GName: "oneadmin", Groups: []int{0}}
	alice    = &one.Caller{UID: 2, GID: 1, UName: "alice", GName: "users", Groups: []int{1}}
	bob      = &one.Caller{UID: 3, GID: 1, UName: "bob", GName: "users", Groups: []int{1}}
)

func openOn(t *testing.T, log store.Log) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{Log: log, Tables: []store.AnyTable{free.Table, owned.Table, general.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func open(t *testing.T) *store.Store {
	t.Helper()
	return openOn(t, memlog.New())
}

// try runs a rule and answers its error as text, "" when it succeeds.
func try(t *testing.T, s *store.Store, rule func(tx *store.Tx) error) string {
	t.Helper()
	if err := s.Update(t.Context(), rule); err != nil {
		return err.Error()
	}
	return ""
}

// add makes an object that has to be taken.
func add(t *testing.T, s *store.Store, k *object.Kind[thing], c *one.Caller, name string) (id int) {
	t.Helper()
	if err := try(t, s, func(tx *store.Tx) (err error) { id, err = addTo(tx, k, c, name); return err }); err != "" {
		t.Fatal(err)
	}
	return id
}

func addTo(tx *store.Tx, k *object.Kind[thing], c *one.Caller, name string) (int, error) {
	v := &thing{object.Meta{Name: name}}
	v.Own(c)
	return k.Add(tx, v)
}
