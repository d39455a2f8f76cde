package vntemplate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
)

var (
	admin = &one.Caller{Groups: []int{one.OneadminGroupID}, UName: "oneadmin", Umask: 0o177}
	alice = &one.Caller{UID: 2, GID: 100, Groups: []int{100}, UName: "alice", GName: "devs", Umask: 0o177}
)

// world is a store with the clusters 0 and 100.
type world struct {
	*testing.T
	st *store.Store
	s  network.Settings
}

func open(t *testing.T) *world {
	t.Helper()
	tables := append(quota.Tables(), cluster.Kind.Table, network.Kind.Table, network.Lags, network.Leases, vntemplate.Kind.Table)
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: tables})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w := &world{t, st, network.DefaultSettings()}
	w.do("", func(tx *store.Tx) error {
		for _, id := range []int{0, 100} {
			cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{ID: id}})
		}
		return nil
	})
	return w
}

// do runs a rule and compares the error text; "" means success.
func (w *world) do(refusal string, rule func(tx *store.Tx) error) {
	w.Helper()
	got := ""
	if err := w.st.Update(w.Context(), rule); err != nil {
		got = err.Error()
	}
	if got != refusal {
		w.Fatalf("got %q, want %q", got, refusal)
	}
}

func (w *world) parse(text string) attr.Template {
	w.Helper()
	t, err := attr.Parse(text)
	if err != nil {
		w.Fatal(err)
	}
	return t
}

// allocate makes a template that alice owns.
func (w *world) allocate(text string) (id int) {
	w.Helper()
	w.do("", func(tx *store.Tx) (err error) {
		id, err = vntemplate.Allocate(tx, alice, w.parse(text))
		return err
	})
	return id
}

func (w *world) template(id int) *vntemplate.VNTemplate {
	w.Helper()
	v, err := vntemplate.Kind.Get(w.st.Read(), id)
	if err != nil {
		w.Fatal(err)
	}
	return v
}

// instantiate makes a network for c from a template and the attributes in extra.
func (w *world) instantiate(c *one.Caller, id int, extra, name, refusal string) *network.VNet {
	w.Helper()
	vnet := -1
	w.do(refusal, func(tx *store.Tx) error {
		t, err := vntemplate.Merged(w.s, c, w.template(id), w.parse(extra))
		if err != nil {
			return err
		}
		vnet, err = vntemplate.Instantiate(tx, w.s, c, id, t, name)
		return err
	})
	n, _ := network.Kind.Table.Get(w.st.Read(), store.ID(vnet))
	return n
}

func TestInstantiate(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.allocate("NAME=t\nVN_MAD=bridge\nBRIDGE=b\nCLUSTER_IDS=\"100, 77,0,x,0\"\nAR=[TYPE=IP4,IP=10.0.0.1,SIZE=2]")
	n := w.instantiate(alice, id, "NOTE=mine\nAR=[TYPE=IP4,IP=10.1.0.1,SIZE=3]", "", "")
	if n.Name != "t-0" || n.TemplateID != id || n.UName != "alice" || n.Template.Get("NOTE") != "mine" {
		t.Errorf("the network is %+v", n)
	}
	if diff := cmp.Diff([]int{0, 100}, n.Clusters); diff != "" {
		t.Errorf("it serves clusters that are there, each once (-want +got):\n%s", diff)
	}
	if len(n.ARs) != 2 || n.ARs[0].Attrs.Get("IP") != "10.0.0.1" || n.ARs[1].Attrs.Get("IP") != "10.1.0.1" {
		t.Errorf("its ranges are %+v", n.ARs)
	}
	if named := w.instantiate(alice, id, "NAME=ignored", "given", ""); named.Name != "given" {
		t.Errorf("it is named %s", named.Name)
	}
	if w.template(id).Template.Has("NOTE") {
		t.Error("what the caller added is in the template now")
	}
}

func TestDefaultCluster(t *testing.T) {
	t.Parallel()
	w := open(t)
	n := w.instantiate(alice, w.allocate("NAME=t\nVN_MAD=dummy\nBRIDGE=b"), "", "", "")
	if diff := cmp.Diff([]int{cluster.DefaultID}, n.Clusters); diff != "" {
		t.Errorf("clusters (-want +got):\n%s", diff)
	}
}

// TestRestrictedAttributes: only administrators may add them.
func TestRestrictedAttributes(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.allocate("NAME=t\nVN_MAD=bridge\nBRIDGE=b")
	w.instantiate(alice, id, "BRIDGE=c", "n", "User [2] : Extra Template includes a restricted attribute BRIDGE.")
	w.instantiate(alice, id, "AR=[TYPE=IP4,IP=10.0.0.1,SIZE=1,PHYDEV=x]", "n", "User [2] : Extra Template includes a restricted attribute AR/PHYDEV.")
	if n := w.instantiate(admin, id, "BRIDGE=c", "n", ""); n.Bridge != "c" {
		t.Errorf("the network is %+v", n)
	}
}

// TestRefusedNetworks: a network that the driver refuses is not made.
func TestRefusedNetworks(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.allocate("NAME=t\nVN_MAD=dummy\nBRIDGE=b")
	w.instantiate(alice, id, "", "n", "")
	w.instantiate(alice, id, "", "n", "Error allocating a new virtual network template. NAME is already taken by NET 0.")
}

func TestAllocateNeedsADriver(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.do("Error inserting Template in DB. VN_MAD is mandatory", func(tx *store.Tx) error {
		_, err := vntemplate.Allocate(tx, alice, w.parse("NAME=t"))
		return err
	})
}

func TestCloneIsTheCallers(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.allocate("NAME=t\nVN_MAD=dummy\nBRIDGE=b\nNOTE=x")
	var copied int
	w.do("", func(tx *store.Tx) (err error) { copied, err = vntemplate.Clone(tx, admin, id, "u"); return err })
	v := w.template(copied)
	if diff := cmp.Diff(w.template(id).Template, v.Template); v.Name != "u" || v.UName != "oneadmin" || diff != "" {
		t.Errorf("the copy is %s of %s; its template (-want +got):\n%s", v.Name, v.UName, diff)
	}
	w.do("Error getting virtual network template [77].", func(tx *store.Tx) error { _, err := vntemplate.Clone(tx, admin, 77, "x"); return err })
}

// TestUpdateKeepsRestrictedAttributes of the template, unless the caller is an administrator.
func TestUpdateKeepsRestrictedAttributes(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.allocate("NAME=t\nVN_MAD=bridge\nBRIDGE=b")
	update := func(c *one.Caller, text string) func(tx *store.Tx) error {
		return func(tx *store.Tx) error { return vntemplate.Update(tx, w.s, c, id, text, true) }
	}
	w.do("", update(alice, "NOTE=y"))
	w.do("Cannot update template. User Template includes a restricted attribute BRIDGE", update(alice, "BRIDGE=z"))
	w.do("", update(admin, "BRIDGE=z"))
	if v := w.template(id); v.Template.Get("NOTE") != "y" || v.Template.Get("BRIDGE") != "z" {
		t.Errorf("the template is %v", v.Template)
	}
}
