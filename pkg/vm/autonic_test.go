package vm

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// An AUTO NIC is attached without a network and a lease, and can be detached.
func TestAttachAutoNIC(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64")
	attach := func(tx *store.Tx) error {
		return AttachNIC(tx, w.s, oneadmin, id, template("NIC=[NETWORK_MODE=auto]"))
	}
	w.must(attach)
	if got := w.vm(id).Status().String(); got != "HOTPLUG_NIC" {
		t.Errorf("the VM is %s while a NIC is attached; want HOTPLUG_NIC", got)
	}
	w.run(id)
	nic := w.vm(id).NIC(0)
	if nic == nil || nic.Get("NAME") != "NIC0" || leased(nic) || nic.Has("IP") {
		t.Fatalf("the NIC is %v; want NIC0 without an address", nic)
	}
	if got := len(w.vm(id).AutoNICs()); got != 1 {
		t.Errorf("%d NICs wait for a network; want 1", got)
	}
	w.audit()
	w.must(func(tx *store.Tx) error { return DetachNIC(tx, w.s, oneadmin, id, 0) })
	w.run(id)
	if v := w.vm(id); v.NIC(0) != nil || v.Status().String() != "RUNNING" {
		t.Errorf("after it was detached the NIC is %v, and the VM %s", v.NIC(0), v.Status())
	}
	w.audit()
}
