package vm

import (
	"slices"
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

// CONTEXT has no variables for the AUTO NICs of a new VM, and empty ones for an AUTO NIC that is
// attached to it while it runs. A NIC that is attached while the VM is off gets them when it boots.
func TestContextOfAutoNICs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("CPU=1\nMEMORY=64\nCONTEXT=[NETWORK=YES]\nNIC=[NETWORK_MODE=auto]", true)
	want := func(when string, has ...string) {
		t.Helper()
		c := w.vm(id).Template.Vector("CONTEXT")
		for _, key := range []string{"ETH0_IP", "ETH1_IP", "ETH2_IP"} {
			if value, ok := c.Lookup(key); ok != slices.Contains(has, key) || value != "" {
				t.Errorf("%s: CONTEXT has %s: %v, %q", when, key, ok, value)
			}
		}
	}
	attach := func(tx *store.Tx) error {
		return AttachNIC(tx, w.s, oneadmin, id, template("NIC=[NETWORK_MODE=auto]"))
	}
	want("new")
	w.must(func(tx *store.Tx) error { return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: 0, DSID: -1}) })
	w.run(id)
	want("running", "ETH0_IP")
	w.must(attach)
	want("while a NIC is attached", "ETH0_IP", "ETH1_IP")
	w.run(id)
	w.do(id, "poweroff-hard")
	w.must(attach)
	want("attached while off", "ETH0_IP", "ETH1_IP")
	w.do(id, "resume")
	want("resumed", "ETH0_IP", "ETH1_IP", "ETH2_IP")
}
