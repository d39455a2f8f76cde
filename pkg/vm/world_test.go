package vm

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
)

// Callers in tests.
var (
	oneadmin = &one.Caller{UID: 0, GID: 0, Groups: []int{0}, UName: "oneadmin", GName: "oneadmin", Umask: 0o177, ReqID: 7}
	alice    = &one.Caller{UID: 2, GID: 100, Groups: []int{100}, UName: "alice", GName: "devs", Umask: 0o177, ReqID: 8}
)

// world is a store with two hosts, three datastores, images and a network.
type world struct {
	tb    interface{ Fatalf(string, ...any) }
	store *store.Store
	log   *memlog.Log
	s     Settings
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := openWorld(tb)
	tb.Cleanup(func() { w.store.Close() })
	return w
}

func openWorld(tb interface{ Fatalf(string, ...any) }) *world {
	w := &world{tb: tb, log: memlog.New(), s: DefaultSettings()}
	w.open()
	if err := w.update(w.furnish); err != nil {
		tb.Fatalf("furnishing the world: %v", err)
	}
	return w
}

// open opens the store from the log, as a server does at its start.
func (w *world) open() {
	tables := []store.AnyTable{
		Kind.Table, Samples, Accounts, Showbacks, effect.Table, host.Kind.Table, host.Samples, datastore.Kind.Table, image.Kind.Table, cluster.Kind.Table,
		acl.Rules, network.Kind.Table, network.Guests, network.Lags, network.Leases, schedule.Table, secgroup.Kind.Table, secgroup.Members, user.Kind.Table, group.Kind.Table, vrouter.Kind.Table,
	}
	clock := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	st, err := store.Open(store.Options{
		Log: w.log, Tables: append(tables, quota.Tables()...),
		Clock: func() time.Time { clock = clock.Add(time.Second); return clock },
	})
	if err != nil {
		w.tb.Fatalf("opening the store: %v", err)
	}
	w.store = st
}

// crash closes the store without notice and opens it again.
func (w *world) crash() {
	w.store.Close()
	w.open()
}

func (w *world) update(fn func(tx *store.Tx) error) error {
	return w.store.Update(context.Background(), fn)
}

// must fails the test when a transaction fails.
func (w *world) must(fn func(tx *store.Tx) error) {
	if err := w.update(fn); err != nil {
		w.tb.Fatalf("transaction: %v", err)
	}
}

func (w *world) furnish(tx *store.Tx) error {
	cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{ID: 0, Name: "default"}})
	for id := range 2 {
		host.Kind.Put(tx, &host.Host{
			Meta: object.Meta{ID: id, Name: "node" + decimal(id+1)}, State: one.HostMonitored, VMMad: "kvm",
			Share: host.Share{MaxCPU: 800, MaxMemKiB: 16 << 20, TotalCPU: 800, TotalMemKiB: 16 << 20},
		})
	}
	putStore(tx, 0, "system", one.DatastoreSystem, "")
	putStore(tx, 1, "default", one.DatastoreImage, "CLONE_TARGET=SYSTEM\nLN_TARGET=NONE\nALLOW_ORPHANS=NO")
	putStore(tx, 2, "self", one.DatastoreImage, "CLONE_TARGET=SELF\nLN_TARGET=NONE")
	putImage(tx, 0, "disk-one", false, 1)
	putImage(tx, 1, "data", true, 1)
	putImage(tx, 2, "beside", false, 2)
	user.Kind.Put(tx, &user.User{Meta: object.Meta{ID: 2, Name: "alice", UID: 2, GID: 100, Template: template("SSH_PUBLIC_KEY=\"ssh-ed25519 AAAA\"")}})
	group.Kind.Put(tx, &group.Group{Meta: object.Meta{ID: 100, Name: "devs"}})
	secgroup.Kind.Put(tx, &secgroup.SecGroup{Meta: object.Meta{ID: 0, Name: "default", Template: template(
		"RULE=[PROTOCOL=ALL,RULE_TYPE=OUTBOUND]\nRULE=[PROTOCOL=ALL,RULE_TYPE=INBOUND]")}})
	_, err := network.Add(tx, w.s.Network, oneadmin, network.New{
		Template: template(`NAME=net1
VN_MAD=dummy
BRIDGE=br0
DNS=8.8.8.8
GATEWAY=192.168.0.1
NETWORK_ADDRESS=192.168.0.0
NETWORK_MASK=255.255.255.0
AR=[TYPE=IP4,IP=192.168.0.10,SIZE=40]`),
		Clusters: []int{0}, ParentID: network.None, TemplateID: network.None,
	})
	return err
}

func putStore(tx *store.Tx, id int, name string, kind one.DatastoreType, text string) {
	datastore.Kind.Put(tx, &datastore.Datastore{
		Meta: object.Meta{ID: id, Name: name, Template: template(text)}, TMMad: "qcow2", Type: kind, Clusters: []int{0},
	})
}

func putImage(tx *store.Tx, id int, name string, persistent bool, ds int) {
	img := &image.Image{
		Type: one.ImageTypeOS, State: one.ImageReady, Persistent: persistent, SizeMB: 64, Format: "qcow2",
		Source: "/images/" + name, DatastoreID: ds, CloningID: -1, TargetSnapshot: -1,
		Snapshots: image.Snapshots{DiskID: -1, AllowOrphans: "NO", CurrentBase: -1},
	}
	img.ID, img.Name, img.UID, img.GID, img.Perms = id, name, alice.UID, alice.GID, 0o600
	image.Kind.Put(tx, img)
	if err := quota.Charge(tx, alice.UID, alice.GID, quota.Delta{
		ClusterID:  quota.NotPlaced,
		Datastores: map[int]quota.Store{ds: {Images: 1, SizeMB: 64}},
	}); err != nil {
		panic(err)
	}
}

func template(text string) attr.Template {
	t, err := attr.Parse(text)
	if err != nil {
		panic(err)
	}
	return t
}

// allocate allocates a VM of alice.
func (w *world) allocate(text string, hold bool) int {
	id := -1
	w.must(func(tx *store.Tx) (err error) {
		id, err = Allocate(tx, w.s, alice, template(text), hold)
		return err
	})
	return id
}

func (w *world) vm(id int) *VM {
	v, err := Kind.Get(w.store.Read(), id)
	if err != nil {
		w.tb.Fatalf("VM %d: %v", id, err)
	}
	return v
}

// settle ends the current effect of a VM.
func (w *world) settle(id int, out map[string]string, err error) bool {
	found := false
	w.must(func(tx *store.Tx) error {
		for _, e := range effect.Of(tx, one.KindVM, id) {
			found = true
			effect.Done(tx, e.ID)
			return Settle(tx, w.s, e, out, err)
		}
		return nil
	})
	return found
}

// run ends effects of a VM until none is left.
func (w *world) run(id int) {
	for w.settle(id, nil, nil) {
	}
}

// running allocates a VM and deploys it to host 0.
func (w *world) running(text string) int {
	id := w.allocate(text, true)
	w.must(func(tx *store.Tx) error {
		return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: 0, DSID: -1})
	})
	w.run(id)
	if got := w.vm(id).Status().String(); got != "RUNNING" {
		w.tb.Fatalf("VM %d is %s after its deployment; want RUNNING", id, got)
	}
	return id
}

func (w *world) audit() {
	if found := Audit(w.store.Read()); len(found) > 0 {
		w.tb.Fatalf("the audit found:\n%s", strings.Join(found.Texts(), "\n"))
	}
}
