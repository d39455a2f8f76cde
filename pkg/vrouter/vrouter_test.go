package vrouter_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
)

var alice = &one.Caller{UID: 2, GID: 100, Groups: []int{100}, UName: "alice", GName: "devs", Umask: 0o177}

func parse(t *testing.T, text string) attr.Template {
	t.Helper()
	tmpl, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

// router makes a router in a new store.
func router(t *testing.T, text string) (*store.Store, int) {
	t.Helper()
	tables := append(quota.Tables(), vrouter.Kind.Table, network.Kind.Table, network.Guests, network.Lags, network.Leases)
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: tables})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	id, tmpl := -1, parse(t, text)
	err = st.Update(t.Context(), func(tx *store.Tx) (err error) {
		id, err = vrouter.Allocate(tx, vrouter.Settings{Network: network.DefaultSettings()}, alice, tmpl)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return st, id
}

func get(t *testing.T, st *store.Store, id int) *vrouter.VRouter {
	t.Helper()
	v, err := vrouter.Kind.Get(st.Read(), id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestUpdatesKeepTheNICs(t *testing.T) {
	t.Parallel()
	for appendTo, want := range map[bool]string{
		true:  "A=2\nB=1\nNIC=[MODEL=virtio,NIC_ID=0]",
		false: "A=2\nNIC=[MODEL=virtio,NIC_ID=0]",
	} {
		st, id := router(t, "NAME=r\nA=1\nB=1\nNIC=[MODEL=virtio]")
		err := st.Update(t.Context(), func(tx *store.Tx) error {
			return vrouter.Kind.Update(tx, alice, id, "A=2\nNIC=[MODEL=e1000]\nNIC=[MODEL=rtl8139]", appendTo, nil)
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(parse(t, want), get(t, st, id).Template); diff != "" {
			t.Errorf("appended: %v (-want +got):\n%s", appendTo, diff)
		}
	}
}

func TestForVMs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"NAME=r": "VROUTER_ID=0\nVROUTER_KEEPALIVED_ID=1",
		"NAME=r\nKEEPALIVED_ID=77\nKEEPALIVED_PASSWORD=x\nNIC=[MODEL=virtio]": "NIC=[MODEL=virtio,NIC_ID=0]\n" +
			"VROUTER_ID=0\nVROUTER_KEEPALIVED_ID=77\nVROUTER_KEEPALIVED_PASSWORD=x",
	} {
		st, id := router(t, text)
		if diff := cmp.Diff(parse(t, want), get(t, st, id).ForVMs()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestJoinAndLeave(t *testing.T) {
	t.Parallel()
	st, id := router(t, "NAME=r")
	err := st.Update(t.Context(), func(tx *store.Tx) error {
		vrouter.Leave(tx, id, 5) // the VM is not in the list
		vrouter.Leave(tx, 42, 5) // the router does not exist
		if err := vrouter.Join(tx, id, 7, 3); err != nil {
			return err
		}
		vrouter.Leave(tx, id, 7)
		return vrouter.SetTemplate(tx, id, 12)
	})
	if err != nil {
		t.Fatal(err)
	}
	v := get(t, st, id)
	if diff := cmp.Diff([]int{3}, v.VMs); diff != "" || v.TemplateID() != 12 {
		t.Errorf("template %d, VMs (-want +got):\n%s", v.TemplateID(), diff)
	}
	c := v.Clone()
	c.VMs[0] = 9
	if v.VMs[0] != 3 {
		t.Error("a change of the clone reached the original")
	}
}
