package image

import (
	"errors"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
)

var (
	oneadmin = &one.Caller{UName: "oneadmin", GName: "oneadmin", Groups: []int{0}, Umask: 0o177}
	alice    = &one.Caller{UID: 2, GID: 100, UName: "alice", GName: "devs", Groups: []int{100}, Umask: 0o177}
)

// The datastores of the tests.
const (
	systemDS, imageDS, fileDS, otherDS, foreignDS = 0, 1, 2, 100, 101
)

// world is a store with datastores and users.
type world struct {
	t  failer
	st *store.Store
}

// failer is a test or a property test.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	tables := []store.AnyTable{Kind.Table, datastore.Kind.Table, effect.Table, user.Kind.Table, group.Kind.Table}
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: append(tables, quota.Tables()...)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w := &world{t, st}
	w.do(func(tx *store.Tx) error {
		put := func(id int, kind one.DatastoreType, mad, text string) {
			datastore.Kind.Put(tx, &datastore.Datastore{
				Meta: object.Meta{ID: id, Name: "ds" + decimal(int64(id)), Template: parse(text)},
				Type: kind, DSMad: mad, TMMad: mad, Clusters: []int{0}, TotalMB: 20480, FreeMB: 10000, UsedMB: 10480,
			})
		}
		put(systemDS, one.DatastoreSystem, "-", "")
		put(imageDS, one.DatastoreImage, "dummy", "CLONE_TARGET=SYSTEM\nLN_TARGET=NONE\nALLOW_ORPHANS=NO\nDISK_TYPE=FILE\nPERSISTENT_SNAPSHOTS=YES")
		put(fileDS, one.DatastoreFile, "dummy", "")
		put(otherDS, one.DatastoreImage, "dummy", "DRIVER=qcow2")
		put(foreignDS, one.DatastoreImage, "fs", "")
		user.Kind.Put(tx, &user.User{Meta: object.Meta{ID: 0, Name: "oneadmin"}})
		user.Kind.Put(tx, &user.User{Meta: object.Meta{ID: 2, UID: 2, GID: 100, Name: "alice"}})
		group.Kind.Put(tx, &group.Group{Meta: object.Meta{ID: 100, Name: "devs"}})
		return nil
	})
	return w
}

func parse(text string) attr.Template {
	t, err := attr.Parse(text)
	if err != nil {
		panic(err)
	}
	return t
}

// do runs a transaction that must succeed.
func (w *world) do(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.try(fn); err != nil {
		w.t.Fatalf("%v", err)
	}
}

// try runs a transaction.
func (w *world) try(fn func(*store.Tx) error) error {
	return w.st.Update(background, fn)
}

// allocate registers an image, without a size found by a driver.
func (w *world) allocate(c *one.Caller, ds int, text string) (id int, err error) {
	err = w.try(func(tx *store.Tx) (err error) {
		id, err = Allocate(tx, DefaultSettings(), c, New{Template: parse(text), DatastoreID: ds, SizeMB: AsTemplateSays})
		return err
	})
	return id, err
}

// ready registers an image and finishes it.
func (w *world) ready(c *one.Caller, ds int, text string) int {
	w.t.Helper()
	id, err := w.allocate(c, ds, text)
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	w.finish(id, nil)
	return id
}

// get returns an image as it is.
func (w *world) get(id int) *Image {
	w.t.Helper()
	img, err := Kind.Get(w.st.Read(), id)
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return img
}

// used returns alice's usage of a datastore.
func (w *world) used(ds int) (images, sizeMB int64) {
	q, ok := quota.Users.Get(w.st.Read(), store.ID(alice.UID))
	if !ok {
		return 0, 0
	}
	for _, e := range q.Entries[quota.Datastores] {
		if e.Key == decimal(int64(ds)) {
			return int64(e.Used[0]) / 100, int64(e.Used[1]) / 100
		}
	}
	return 0, 0
}

// wants fails the test unless err has that code and text.
func wants(t *testing.T, err error, code one.Code, text string) {
	t.Helper()
	var e *one.Error
	if !errors.As(err, &e) || e.Code != code || e.Msg != text {
		t.Errorf("got %#v; want %v %q", err, code, text)
	}
}

// clone begins to clone an image.
func (w *world) clone(c *one.Caller, id int, to Copy) (copyID int) {
	w.t.Helper()
	w.do(func(tx *store.Tx) (err error) {
		copyID, err = Clone(tx, DefaultSettings(), c, id, to)
		return err
	})
	return copyID
}

// stores are the drivers of the tests' datastores.
var stores = datastore.Settings{DSs: datastore.DefaultDSs()}
