package machines_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
	"github.com/renkei-vpe/renkei/pkg/vrouter/machines"
)

var (
	oneadmin = &one.Caller{Groups: []int{0}, UName: "oneadmin", GName: "oneadmin", Umask: 0o177}
	alice    = &one.Caller{UID: 2, GID: 100, Groups: []int{100}, UName: "alice", GName: "devs", Umask: 0o177}
	bob      = &one.Caller{UID: 3, GID: 100, Groups: []int{100}, UName: "bob", GName: "devs", Umask: 0o177}
)

// fataler is a test or a property test.
type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// world is a store with a host, two networks and two templates: 0 is for virtual routers, 1 is
// not.
type world struct {
	t  fataler
	st *store.Store
	s  vm.Settings
}

func open(t fataler) *world {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: schema.Tables()})
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	w := &world{t, st, vm.DefaultSettings()}
	w.must(w.furnish)
	return w
}

func (w *world) furnish(tx *store.Tx) error {
	cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{Name: "default"}})
	host.Kind.Put(tx, &host.Host{Meta: object.Meta{Name: "node1"}, State: one.HostMonitored, VMMad: "kvm",
		Share: host.Share{MaxCPU: 8000, MaxMemKiB: 16 << 20, TotalCPU: 8000, TotalMemKiB: 16 << 20}})
	datastore.Kind.Put(tx, &datastore.Datastore{Meta: object.Meta{Name: "system"}, TMMad: "qcow2", Type: one.DatastoreSystem, Clusters: []int{0}})
	secgroup.Setup(tx)
	for _, c := range []*one.Caller{oneadmin, alice, bob} {
		user.Kind.Put(tx, &user.User{Meta: object.Meta{ID: c.UID, UID: c.UID, GID: c.GID, Name: c.UName}})
	}
	group.Kind.Put(tx, &group.Group{Meta: object.Meta{ID: 100, Name: "devs"}})
	for i, ip := range []string{"10.0.0.1", "10.1.0.1"} {
		_, err := network.Add(tx, w.s.Network, oneadmin, network.New{
			Template: w.parse(fmt.Sprintf("NAME=net%d\nVN_MAD=bridge\nGATEWAY=%s\nAR=[TYPE=IP4,IP=%s0,SIZE=40]", i, ip, ip)),
			Clusters: []int{0}, ParentID: network.None, TemplateID: network.None,
		})
		if err != nil {
			return err
		}
	}
	for _, text := range []string{"NAME=vr\nVROUTER=YES\nCPU=1\nMEMORY=64\nCONTEXT=[NETWORK=YES]", "NAME=vm\nCPU=1\nMEMORY=64"} {
		if _, err := template.Allocate(tx, w.s, oneadmin, w.parse(text)); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) parse(text string) attr.Template {
	t, err := attr.Parse(text)
	if err != nil {
		w.t.Fatalf("%s: %v", text, err)
	}
	return t
}

// try runs a rule and returns the error text, "" for success.
func (w *world) try(rule func(tx *store.Tx) error) string {
	err := w.st.Update(context.Background(), rule)
	var e *one.Error
	if errors.As(err, &e) {
		return e.Msg
	}
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return ""
}

func (w *world) must(rule func(tx *store.Tx) error) {
	w.t.Helper()
	if msg := w.try(rule); msg != "" {
		w.t.Fatalf("refused: %s", msg)
	}
}

func (w *world) allocate(c *one.Caller, text string) (id int, msg string) {
	msg = w.try(func(tx *store.Tx) (err error) {
		id, err = vrouter.Allocate(tx, machines.Settings(w.s), c, w.parse(text))
		return err
	})
	return id, msg
}

func (w *world) instantiate(c *one.Caller, o machines.Order) string {
	return w.try(func(tx *store.Tx) error { return machines.Instantiate(tx, w.s, c, o) })
}

func (w *world) router(id int) *vrouter.VRouter {
	v, err := vrouter.Kind.Get(w.st.Read(), id)
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return v
}

func (w *world) vm(id int) *vm.VM {
	v, err := vm.Kind.Get(w.st.Read(), id)
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return v
}

// audit recounts all usage, and looks for leases of routers without a NIC.
func (w *world) audit() {
	w.t.Helper()
	found := vm.Audit(w.st.Read())
	cards := map[int]int{}
	for row := range vrouter.Kind.Table.All(w.st.Read()) {
		for _, n := range vrouter.Usage(row.Val).Networks {
			cards[row.Val.ID] += n
		}
	}
	for row := range network.Leases.All(w.st.Read()) {
		if h := row.Val.Holder; h.Kind == one.KindVRouter {
			cards[h.ID]--
		}
	}
	for id, n := range cards {
		if n != 0 {
			found.Add("router %d has %d floating cards more than leases", id, n)
		}
	}
	if len(found) > 0 {
		w.t.Fatalf("the books are wrong:\n%s", strings.Join(found.Texts(), "\n"))
	}
}

const floating = "NAME=r\nKEEPALIVED_PASSWORD=x\nNIC=[NETWORK=net0,NETWORK_UNAME=oneadmin,FLOATING_IP=YES]\n" +
	"NIC=[NETWORK_ID=1,FLOATING_IP=YES,FLOATING_ONLY=YES]"

func TestFloatingIP(t *testing.T) {
	t.Parallel()
	w := open(t)
	id, msg := w.allocate(alice, floating)
	if msg != "" {
		t.Fatal(msg)
	}
	want := w.parse(`KEEPALIVED_PASSWORD=x
NIC=[AR_ID=0,FLOATING_IP=YES,NETWORK=net0,NETWORK_ID=0,NETWORK_UNAME=oneadmin,NIC_ID=0,VROUTER_IP=10.0.0.10,VROUTER_MAC="02:00:0a:00:00:0a"]
NIC=[AR_ID=0,FLOATING_IP=YES,FLOATING_ONLY=YES,NETWORK=net1,NETWORK_ID=1,NIC_ID=1,VROUTER_IP=10.1.0.10,VROUTER_MAC="02:00:0a:01:00:0a"]`)
	if diff := cmp.Diff(want, w.router(id).Template); diff != "" {
		t.Errorf("template (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{id}, vrouter.Of(w.st.Read(), 1)); diff != "" {
		t.Errorf("routers of the network (-want +got):\n%s", diff)
	}
	if msg := w.instantiate(alice, machines.Order{Router: id, Count: 1 << 30, Template: 0}); msg != "Cannot make 1073741824 VMs of a virtual router at once, only up to 1000" {
		t.Errorf("a billion VMs: %q", msg)
	}
	if msg := w.instantiate(alice, machines.Order{Router: id, Count: 1, Template: 0}); msg != "" {
		t.Fatal(msg)
	}
	w.audit()
	v := w.vm(0)
	c := v.Template.Vector("CONTEXT")
	got := map[string]string{"NAME": v.Name, "state": v.State.String()}
	for _, key := range []string{"ETH0_IP", "ETH0_VROUTER_IP", "ETH1_IP", "ETH1_VROUTER_IP", "VROUTER_ID", "VROUTER_KEEPALIVED_ID", "VROUTER_KEEPALIVED_PASSWORD"} {
		got[key] = c.Get(key)
	}
	if diff := cmp.Diff(map[string]string{
		"NAME": "vr-r-0", "state": "PENDING", "ETH0_IP": "10.0.0.11", "ETH0_VROUTER_IP": "10.0.0.10",
		"ETH1_IP": "", "ETH1_VROUTER_IP": "10.1.0.10",
		"VROUTER_ID": "0", "VROUTER_KEEPALIVED_ID": "1", "VROUTER_KEEPALIVED_PASSWORD": "x",
	}, got); diff != "" {
		t.Errorf("VM (-want +got):\n%s", diff)
	}
	if got := w.try(func(tx *store.Tx) error { return vm.AttachNIC(tx, w.s, alice, 0, w.parse("NIC=[NETWORK_ID=0]")) }); got != "Action is not supported for virtual router VMs" {
		t.Errorf("attaching a card of its own: %q", got)
	}
	w.must(func(tx *store.Tx) error { return vrouter.DetachNIC(tx, id, 0) })
	w.audit()
	w.must(func(tx *store.Tx) error { return machines.Delete(tx, w.s, alice, id) })
	w.audit()
	if got := w.vm(0).State; got != one.VMDone {
		t.Errorf("the VM is %s after its router was deleted; want DONE", got)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	w := open(t)
	for text, want := range map[string]string{
		"NIC=[NETWORK_ID=0]":                                     "Invalid NAME, it cannot be empty",
		"NAME=x\nNIC=[NETWORK_MODE=auto]":                        "Virtual Router is incompatible with auto mode",
		"NIC=[NETWORK_ID=0]\nNIC=[NETWORK_ID=x,FLOATING_IP=YES]": "user [2] String 'x' is not a valid ID.",
		"NAME=x\nNIC=[NETWORK_ID=42]":                            "Virtual network with ID: 42 does not exist",
		"NAME=x\nNIC=[NETWORK_ID=0,FLOATING_IP=YES,IP=9.9.9.9]":  "Cannot get IP/MAC lease from virtual network 0.",
		"NAME=x\nNIC=[NETWORK_ID=0,MAC=\"02:00:00:00:00:01\"]":   "NIC includes a restricted attribute NIC/MAC",
	} {
		if _, got := w.allocate(alice, text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	id, msg := w.allocate(alice, "NAME=r\nNIC=[NETWORK_ID=0]")
	if msg != "" {
		t.Fatal(msg)
	}
	for text, want := range map[string]string{
		"NIC_ALIAS=[NETWORK_ID=0]":                "Alias can't be attached to virtual router.",
		"A=1":                                     "The template must contain one NIC attribute",
		"NIC=[NETWORK_ID=0]\nNIC=[NETWORK_ID=1]":  "The template must contain one NIC attribute",
		"NIC=[NETWORK_ID=42]":                     "Virtual network with ID: 42 does not exist",
		"NIC=[NETWORK_ID=0,FLOATING_IP=YES,IP=x]": "Cannot get IP/MAC lease from virtual network 0.",
	} {
		got := w.try(func(tx *store.Tx) error {
			_, err := vrouter.AttachNIC(tx, machines.Settings(w.s), alice, id, w.parse(text))
			return err
		})
		if got != want {
			t.Errorf("attaching %q: got %q, want %q", text, got, want)
		}
	}
	for o, want := range map[*machines.Order]string{
		{Router: 42}:                           "Error getting virtual router [42].",
		{Router: id, Template: -1}:             "A template ID was not provided, and the virtual router does not have a default one",
		{Router: id, Template: 42}:             "Error getting virtual machine template [42].",
		{Router: id, Template: 1}:              "Only virtual router templates are allowed",
		{Router: id, Count: 1, Extra: "A=["}:   "Parse error: syntax error, unexpected $end, expecting CBRACKET or VARIABLE at line 1, columns 3:4",
		{Router: id, Count: 1, Extra: "CPU=x"}: "Error allocating a new virtual router. CPU attribute must be a positive float or integer value.",
	} {
		if got := w.instantiate(alice, *o); got != want {
			t.Errorf("%+v: got %q, want %q", *o, got, want)
		}
	}
	if got, want := w.instantiate(bob, machines.Order{Router: id, Extra: "A=["}), "User [3] : Not authorized to perform MANAGE VROUTER [0]."; got != want {
		t.Errorf("bob: got %q, want %q", got, want)
	}
	if got := w.instantiate(alice, machines.Order{Router: id, Extra: "A=["}); got != "" {
		t.Errorf("no VMs: got %q; nobody reads what is laid over the template", got)
	}
	w.audit()
}

// TestQuotasOfFloatingIPsAreCheckedFirst: other errors of a new router come later.
func TestQuotasOfFloatingIPsAreCheckedFirst(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(func(tx *store.Tx) error {
		return quota.SetLimits(tx, quota.Users, alice.UID, w.parse("NETWORK=[ID=0,LEASES=1]"), nil)
	})
	const two = "NIC=[NETWORK_ID=0,FLOATING_IP=YES]\nNIC=[NETWORK_ID=0,FLOATING_IP=YES,IP=x]\nNIC=[NETWORK_ID=0]"
	if _, got := w.allocate(alice, two); got != "user [2] limit of 1 reached for LEASES quota in NETWORK with ID: 0." {
		t.Errorf("got %q", got)
	}
	if _, got := w.allocate(oneadmin, two); got != "Invalid NAME, it cannot be empty" {
		t.Errorf("oneadmin, who has no quotas: got %q", got)
	}
	w.audit()
}

func TestInstantiateMakesAllVMsOrNone(t *testing.T) {
	t.Parallel()
	w := open(t)
	id, _ := w.allocate(alice, "NAME=r\nNIC=[NETWORK_ID=0]")
	w.must(func(tx *store.Tx) error {
		return quota.SetLimits(tx, quota.Users, alice.UID, w.parse("VM=[VMS=1]"), nil)
	})
	if got := w.instantiate(alice, machines.Order{Router: id, Count: 2}); !strings.Contains(got, "limit of 1 reached for VMS quota") {
		t.Errorf("two VMs where one is allowed: %q", got)
	}
	if n := vm.Kind.Table.Len(w.st.Read()); n != 0 || len(w.router(id).VMs) != 0 {
		t.Errorf("%d VMs are there", n)
	}
	w.audit()
}

func TestVMsOfOtherUsers(t *testing.T) {
	t.Parallel()
	w := open(t)
	id, _ := w.allocate(alice, "NAME=r\nNIC=[NETWORK_ID=0]")
	w.must(func(tx *store.Tx) error { return machines.Chmod(tx, alice, id, [9]int{1, 1, 0, 1, 1, 0, 0, 0, 0}) })
	if msg := w.instantiate(bob, machines.Order{Router: id, Count: 1, Hold: true, Name: "b%i"}); msg != "" {
		t.Fatal(msg)
	}
	if v := w.vm(0); v.State != one.VMHold || v.Name != "b0" || v.UID != bob.UID {
		t.Errorf("bob's VM is %s, %s, of %d", v.Name, v.State, v.UID)
	}
	want := "User [2] : Not authorized to perform MANAGE VM [0]."
	for name, got := range map[string]string{
		"chmod": w.try(func(tx *store.Tx) error { return machines.Chmod(tx, alice, id, [9]int{1, 1, 0, 0, 0, 0, 0, 0, 0}) }),
		"chown": w.try(func(tx *store.Tx) error {
			return machines.Chown(tx, alice, id, object.Ownership{UID: 2, GID: -1, UName: "alice"})
		}),
		"attach": w.try(func(tx *store.Tx) error {
			return machines.AttachNIC(tx, w.s, alice, 0, *w.parse("NIC=[NETWORK_ID=0]").Vector("NIC"))
		}),
	} {
		if got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	w.must(func(tx *store.Tx) error {
		return machines.Chown(tx, oneadmin, id, object.Ownership{UID: 2, GID: -1, UName: "alice"})
	})
	if v := w.vm(0); v.UID != alice.UID {
		t.Errorf("the VM belongs to %d after its router was given to alice", v.UID)
	}
	w.audit()
}

// TestLeasesAndQuotasAddUp after random operations.
func TestLeasesAndQuotasAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := open(t)
		defer w.st.Close()
		callers := []*one.Caller{oneadmin, alice, bob}
		pick := func(name string, n int) int { return rapid.IntRange(0, n).Draw(t, name) }
		for range pick("steps", 25) {
			c, id := callers[pick("caller", 2)], pick("router", 3)
			nic := fmt.Sprintf("NIC=[NETWORK_ID=%d,FLOATING_IP=%s]", pick("net", 1), []string{"YES", "NO"}[pick("floats", 1)])
			switch pick("what", 6) {
			case 0:
				w.allocate(c, "NAME=r\n"+nic)
			case 1:
				w.instantiate(oneadmin, machines.Order{Router: id, Count: pick("count", 2), Hold: true})
			case 2:
				w.try(func(tx *store.Tx) error {
					_, err := vrouter.AttachNIC(tx, machines.Settings(w.s), c, id, w.parse(nic))
					return err
				})
			case 3:
				w.try(func(tx *store.Tx) error { return vrouter.DetachNIC(tx, id, pick("nic", 2)) })
			case 4:
				w.try(func(tx *store.Tx) error { return machines.Delete(tx, w.s, c, id) })
			case 5:
				w.try(func(tx *store.Tx) error {
					return machines.Chown(tx, oneadmin, id, object.Ownership{UID: c.UID, GID: c.GID, UName: c.UName, GName: c.GName})
				})
			case 6:
				w.try(func(tx *store.Tx) error { return vm.Act(tx, w.s, oneadmin, pick("VM", 4), "terminate") })
			}
			w.audit()
			for row := range vrouter.Kind.Table.All(w.st.Read()) {
				if slices.ContainsFunc(row.Val.VMs, func(id int) bool { return w.vm(id).State == one.VMDone }) {
					t.Fatalf("router %d lists a VM that has ended", row.Val.ID)
				}
			}
		}
	})
}
