package vm

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// usedBy returns a user's usage of a VM quota.
func (w *world) usedBy(uid int, metric string) string {
	q, ok := quota.Users.Get(w.store.Read(), store.ID(uid))
	if !ok {
		return ""
	}
	for i, name := range q.Metrics(quota.VMs) {
		if name == metric {
			return q.Entries[quota.VMs][0].Used[i].String()
		}
	}
	return ""
}

// Generic quotas count TEMPLATE and USER_TEMPLATE, also of existing VMs, and are charged when
// USER_TEMPLATE changes.
func TestGenericQuotas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running(small + "\nVCPU=3\nLICENSES=2.5\nSEATS=many")
	count := func(names ...string) { w.must(func(tx *store.Tx) error { CountFurther(tx, names); return nil }) }
	expect := func(metric, want string) {
		t.Helper()
		if got := w.usedBy(alice.UID, metric); got != want {
			t.Errorf("%s used is %q, want %q", metric, got, want)
		}
		w.audit()
	}
	count("VCPU", "LICENSES", "SEATS")
	expect("VCPU", "3")
	expect("RUNNING_LICENSES", "2.50")
	expect("SEATS", "0") // not a number
	w.must(func(tx *store.Tx) error {
		return quota.SetLimits(tx, quota.Users, alice.UID, template("VM=[LICENSES=4]"), nil)
	})
	w.must(func(tx *store.Tx) error { return Update(tx, w.s, oneadmin, id, "LICENSES=4", true) })
	expect("LICENSES", "4")
	w.refused(t, one.CodeAction, "user [2] limit of 4 reached for LICENSES quota in VM", func(tx *store.Tx) error {
		return Update(tx, w.s, oneadmin, id, "LICENSES=5", true)
	})
	if err := w.act(alice, id, "poweroff"); err != nil {
		t.Fatal(err)
	}
	w.run(id)
	expect("RUNNING_LICENSES", "0")
	count("VCPU")
	expect("LICENSES", "")
	expect("VCPU", "3")
}
