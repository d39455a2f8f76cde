package migrate_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/fsck"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/migrate"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/sqlite/sqlitetest"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// shown renders all objects of a kind, by ID.
type shown func(r store.Reader) map[int]string

func all[T any](kind *object.Kind[T], write func(*render.Writer, store.Reader, *T)) shown {
	return func(r store.Reader) map[int]string {
		list := map[int]string{}
		for row := range kind.Table.All(r) {
			var w render.Writer
			write(&w, r, row.Val)
			list[int(row.Key.A)] = string(w)
		}
		return list
	}
}

// tables7 are tables of OpenNebula 7 whose documents are the same as in the API.
var tables7 = map[string]shown{
	"group_pool": all(group.Kind, render.Group), "cluster_pool": all(cluster.Kind, render.Cluster),
	"user_pool":      all(user.Kind, func(w *render.Writer, r store.Reader, u *user.User) { render.User(w, r, u, render.Nobody, false) }),
	"datastore_pool": all(datastore.Kind, render.Datastore), "secgroup_pool": all(secgroup.Kind, render.SecGroup),
	"vdc_pool": all(vdc.Kind, render.VDC), "host_pool": all(host.Kind, render.Host), "image_pool": all(image.Kind, render.Image),
	"network_pool": all(network.Kind, render.VNet), "template_pool": all(template.Kind, render.Template),
	"vn_template_pool": all(vntemplate.Kind, render.VNTemplate), "vmgroup_pool": all(vmgroup.Kind, render.VMGroup),
	"document_pool": all(document.Kind, render.Document), "vm_pool": all(vm.Kind, render.VM),
}

var password = regexp.MustCompile(`<PASSWORD>.*?</PASSWORD>`)

// one7 makes a database of OpenNebula 7 from a store.
func one7(r store.Reader, passwords map[int]string) tables {
	ts := tables{
		"acl":           {SQL: "CREATE TABLE acl (oid INT PRIMARY KEY, userset BIGINT, resource BIGINT, rights BIGINT, zone BIGINT)"},
		"db_versioning": {SQL: "CREATE TABLE db_versioning (oid INTEGER PRIMARY KEY, version VARCHAR(256), timestamp INTEGER, comment VARCHAR(256))", Rows: [][]any{{0, "7.4.0", 0, ""}}},
		"history":       {SQL: "CREATE TABLE history (vid INTEGER, seq INTEGER, body MEDIUMTEXT, stime INTEGER, etime INTEGER)"},
		"user_quotas":   {SQL: "CREATE TABLE user_quotas (user_oid INTEGER PRIMARY KEY, body MEDIUMTEXT)"},
		"pool_control":  {SQL: "CREATE TABLE pool_control (tablename VARCHAR(32) PRIMARY KEY, last_oid BIGINT UNSIGNED)", Rows: [][]any{{"template_pool", 40}}},
		"vrouter_pool":  {SQL: "CREATE TABLE vrouter_pool (oid INTEGER PRIMARY KEY, body MEDIUMTEXT)", Rows: [][]any{{0, "<VROUTER/>"}}},
	}
	for name, show := range tables7 {
		t := sqlitetest.Table{SQL: "CREATE TABLE " + name + " (oid INTEGER PRIMARY KEY, name VARCHAR(128), body MEDIUMTEXT)"}
		for id, body := range show(r) {
			if name == "network_pool" {
				body = allocated(r, id, body)
			}
			if name == "user_pool" {
				body = password.ReplaceAllString(body, "<PASSWORD>"+passwords[id]+"</PASSWORD>")
			}
			t.Rows = append(t.Rows, []any{id, "", body})
		}
		ts[name] = &t
	}
	for row := range acl.Rules.All(r) {
		a := row.Val
		ts["acl"].Rows = append(ts["acl"].Rows, []any{a.ID, int64(a.User), int64(a.Resource), int64(a.Rights), int64(a.Zone)})
	}
	for row := range vm.Kind.Table.All(r) {
		for _, h := range row.Val.History {
			var w render.Writer
			render.Record(&w, r, &h, &vm.Account{VM: *row.Val})
			ts["history"].Rows = append(ts["history"].Rows, []any{row.Val.ID, h.Seq, string(w), 0, 0})
		}
	}
	for row := range quota.Users.All(r) {
		var w render.Writer
		w.Open("QUOTAS")
		render.Quotas(&w, r, quota.Users, row.Key)
		w.Close("QUOTAS")
		ts["user_quotas"].Rows = append(ts["user_quotas"].Rows, []any{int(row.Key.A), string(w)})
	}
	return ts
}

// allocated adds the leases to a network's document, as OpenNebula stores them.
func allocated(r store.Reader, id int, body string) string {
	n, _ := network.Kind.Get(r, id)
	for _, ar := range n.ARs {
		pairs := ""
		for l := range network.LeasesOf(r, id, ar.ID) {
			kind := map[one.Kind]int64{one.KindVM: 0x1000000000, one.KindNet: 0x4000000000}[l.Holder.Kind]
			pairs += fmt.Sprintf(" %d %d", l.Index, kind|int64(uint32(l.Holder.ID)))
		}
		key := fmt.Sprintf("<AR_ID><![CDATA[%d]]></AR_ID>", ar.ID)
		body = strings.Replace(body, key, key+"<ALLOCATED><![CDATA["+pairs+"]]></ALLOCATED>", 1)
	}
	return body
}

// fill makes an object of each kind.
func (w world) fill(t *testing.T, disk string) {
	t.Helper()
	parse := func(text string) attr.Template {
		parsed, err := attr.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	own := func(id int, name, words string) object.Meta {
		return object.Meta{ID: id, Name: name, UID: 2, GID: 100, UName: "alice", GName: "lab", Perms: 0o640, Template: parse(words)}
	}
	w.do(t, func(tx *store.Tx) error {
		group.Kind.Put(tx, &group.Group{Meta: object.Meta{ID: 100, Name: "lab", GID: 100, GName: "lab", Perms: 0o640, Template: parse("A=1")}, Admins: []int{2}})
		user.Kind.Put(tx, &user.User{
			Meta:   object.Meta{ID: 2, Name: "alice", UID: 2, GID: 100, GName: "lab", Perms: 0o600, Template: parse(`SSH="ssh-rsa <x>"`)},
			Groups: []int{1, 100}, Enabled: true, AuthDriver: user.DriverCore,
		})
		cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{ID: 100, Name: "site", Template: parse("RESERVED_CPU=5")}})
		datastore.Kind.Put(tx, &datastore.Datastore{
			Meta: own(100, "more", `DS_MAD=fs TM_MAD=ssh`), DSMad: "fs", TMMad: "ssh", BasePath: w.stores.Path(100), Clusters: []int{0, 100},
		})
		secgroup.Kind.Put(tx, &secgroup.SecGroup{Meta: own(100, "web", `RULE=[PROTOCOL=TCP,RULE_TYPE=inbound,RANGE="80"]`)})
		vdc.Kind.Put(tx, &vdc.VDC{Meta: object.Meta{ID: 100, Name: "all", Template: parse("X=y")}, Groups: []int{100}, Hosts: []vdc.Resource{{ZoneID: 0, ID: 3}}})
		host.Kind.Put(tx, &host.Host{Meta: object.Meta{ID: 3, Name: "h3", Template: parse("RACK=4")}, IMMad: "dummy", VMMad: "dummy", ClusterID: 100, State: one.HostDisabled})
		img := &image.Image{
			Meta: own(7, "disk", `DEV_PREFIX=vd`), Source: disk, Format: "raw", SizeMB: 10, State: one.ImageReady, CloningID: -1, TargetSnapshot: -1,
			DatastoreID: 100, RegTime: 1700000000, Snapshots: image.Snapshots{DiskID: -1, CurrentBase: -1, AllowOrphans: "NO"},
		}
		image.Adopt(tx, img)
		template.Kind.Put(tx, &template.Template{Meta: own(4, "small", `CPU=1 MEMORY=64 DISK=[IMAGE_ID=7] NIC=[NETWORK_ID=5] DISK=[SIZE=1,TYPE=swap]`), RegTime: 1700000001})
		vntemplate.Kind.Put(tx, &vntemplate.VNTemplate{Meta: own(2, "nets", `VN_MAD=dummy`), RegTime: 1700000002})
		vmgroup.Kind.Put(tx, &vmgroup.VMGroup{Meta: own(1, "pair", ``), Roles: parse(`ROLE=[ID=0,NAME=a,POLICY=AFFINED]`)})
		document.Kind.Put(tx, &document.Document{Meta: own(9, "service", `TEMPLATE="{\"a\":1}"`), Type: 100})
		acl.Rules.Put(tx, store.ID(12), &acl.Rule{ID: 12, User: acl.GroupOf | 100, Resource: uint64(one.KindHost) | acl.ClusterOf | 100, Rights: 1, Zone: acl.All})
		tx.Skip(network.Kind.Table.Name(), 4)
		id, err := network.Add(tx, w.options.Networks, &one.Caller{UID: 2, GID: 100, UName: "alice", GName: "lab", Groups: []int{0}, Umask: 0o137}, network.New{
			Template: parse(`NAME=lan BRIDGE=br0 VN_MAD=dummy AR=[TYPE=IP4,IP=10.0.0.1,SIZE=10] AR=[TYPE=ETHER,SIZE=3]`), Clusters: []int{0, 100},
			ParentID: network.None, TemplateID: network.None,
		})
		if id != 5 {
			t.Errorf("the network is %d", id)
		}
		if err == nil {
			_, _, err = network.Reserve(tx, w.options.Networks, &one.Caller{UID: 2, GID: 100, UName: "alice", GName: "lab", Umask: 0o137}, 5,
				parse(`NAME=mine SIZE=2 AR_ID=0`))
		}
		if err == nil {
			err = network.Hold(tx, 5, parse(`LEASES=[IP=10.0.0.9]`))
		}
		vm.Kind.Put(tx, &vm.VM{
			Meta: own(20, "old", `CPU=1 MEMORY=64 TEMPLATE_ID=4`), State: one.VMDone, STime: 1700000003, ETime: 1700000009, DeployID: "one-20", User: parse("NOTE=x"),
			History: []vm.History{{Seq: 0, HostID: 3, HostName: "h3", ClusterID: 100, VMMad: "dummy", TMMad: "ssh", PlanID: -1, ActionID: -1, STime: 1700000004, ETime: 1700000008, UID: 2, GID: 100, Action: one.ActionTerminate}},
		})
		if err == nil {
			err = quota.SetLimits(tx, quota.Users, 2, parse(`VM=[VMS=5,MEMORY=1024] DATASTORE=[ID=100,SIZE=99]`), func(store.Reader, []int) quota.Delta { return quota.Delta{} })
		}
		return err
	})
}

// TestOne7 makes a database of OpenNebula from a store, and imports that into another store:
// the documents of all objects have to be equal.
func TestOne7(t *testing.T) {
	from := newWorld(t)
	disk := from.stores.Path(100)
	if err := os.WriteFile(disk, []byte("disk"), 0o600); err != nil {
		t.Fatal(err)
	}
	from.fill(t, disk)
	ts := one7(from.store.Read(), map[int]string{2: user.ServerKey("alicepw")})
	to := newWorld(t)
	to.stores, to.options.Datastores = from.stores, from.options.Datastores
	p, err := migrate.Read(ts.open(t), nil, to.options)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context(), to.store); err != nil {
		t.Fatal(err, p.Blockers)
	}
	again, err := migrate.Read(ts.open(t), nil, to.options)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Run(t.Context(), to.store); err == nil || !strings.Contains(err.Error(), "fresh") {
		t.Errorf("a second time: %v", err)
	}
	r := to.store.Read()
	if found := fsck.Check(r); len(found) > 0 {
		t.Errorf("fsck: %v", found)
	}
	for name, show := range tables7 {
		want, got := show(from.store.Read()), show(r)
		for id := range want {
			want[id], got[id] = password.ReplaceAllString(want[id], ""), password.ReplaceAllString(got[id], "")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	var rules, wantRules []acl.Rule
	for row := range acl.Rules.All(r) {
		rules = append(rules, *row.Val)
	}
	for row := range acl.Rules.All(from.store.Read()) {
		wantRules = append(wantRules, *row.Val)
	}
	if diff := cmp.Diff(wantRules, rules); diff != "" {
		t.Error(diff)
	}
	if last, _ := store.LastNumber(r, template.Kind.Table.Name()); last != 40 {
		t.Errorf("the last template had the ID %d, want 40", last)
	}
	users := user.NewService(to.store, user.Settings{Cost: 4, Expiration: time.Minute, Clock: time.Now})
	if c, err := users.Authenticate(t.Context(), "alice:alicepw"); err != nil || c.GID != 100 {
		t.Errorf("alice: %+v, %v", c, err)
	}
	if !strings.Contains(strings.Join(p.Notes, "\n"), "1 virtual routers are left out") {
		t.Errorf("notes: %q", p.Notes)
	}
}

// TestOne7Refuses what cannot be imported, and skips what it is told to.
func TestOne7Refuses(t *testing.T) {
	from := newWorld(t)
	from.fill(t, "none")
	from.do(t, func(tx *store.Tx) error {
		v, err := vm.Kind.Edit(tx, 20)
		if err == nil {
			v.State, v.Template = one.VMActive, attr.Template{attr.NewVector("NIC", attr.Pair{Key: "NETWORK_ID", Value: "5"}, attr.Pair{Key: "IP", Value: "10.0.0.4"})}
			vm.Kind.Put(tx, v)
		}
		if err == nil {
			err = network.AdoptLease(tx, 5, 0, 3, network.Holder{Kind: one.KindVM, ID: 20})
		}
		return err
	})
	ts := one7(from.store.Read(), nil)
	to := newWorld(t)
	to.options.Datastores, to.options.LeaveRunning = from.options.Datastores, false
	p, err := migrate.One7(ts.open(t), to.options)
	if err != nil || !strings.Contains(fmt.Sprint(p.Blockers), "VM 20 old is not over") {
		t.Fatal(err, p)
	}
	if err := p.Blocked(); err == nil {
		t.Error("a plan with blockers is not refused")
	}
	to.options.LeaveRunning = true
	if p, err = migrate.One7(ts.open(t), to.options); err != nil || p.Blocked() != nil {
		t.Fatal(err, p.Blocked())
	}
	if err := p.Run(t.Context(), to.store); err != nil {
		t.Fatal(err)
	}
	var held []network.Holder
	for l := range network.LeasesOf(to.store.Read(), 5, 0) {
		held = append(held, l.Holder)
	}
	if diff := cmp.Diff([]network.Holder{{Kind: one.KindNet, ID: 6}, {Kind: one.KindNet, ID: 6}, network.OnHold, network.OnHold}, held); diff != "" {
		t.Error("the address of the skipped VM: ", diff)
	}
	for _, note := range []string{`image "disk" has no file at none`, "user alice has a password that nothing is known of", `address 3 of range 0 of network "lan" stays with VM 20`} {
		if !strings.Contains(strings.Join(p.Notes, "\n"), note) {
			t.Errorf("%q is not among %q", note, p.Notes)
		}
	}
	ts["db_versioning"].Rows[0][1] = "4.14.0"
	if p, err := migrate.One7(ts.open(t), to.options); err != nil || !strings.Contains(fmt.Sprint(p.Blockers), "upgrade it with onedb") {
		t.Errorf("an old one: %v %v", p, err)
	}
	ts["vm_pool"].Rows[0][2] = "<VM><ID>"
	if _, err := migrate.One7(ts.open(t), to.options); err == nil {
		t.Error("half a document was taken")
	}
}
