package vm

import (
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// withDevices gives each host two network adapters and a disk controller, with different
// addresses.
func withDevices(w *world) {
	w.must(func(tx *store.Tx) error {
		for id, bus := range []string{"01", "02"} {
			dev := func(function, device, class string) drivers.PCIDevice {
				return drivers.PCIDevice{Address: "0000:" + bus + ":00:" + function, Vendor: "8086", Device: device, Class: class, NUMANode: -1}
			}
			host.Seen(tx, id, drivers.HostReport{
				TotalCPU: 800, TotalMemoryKiB: 16 << 20,
				PCI: []drivers.PCIDevice{dev("0", "10ca", "0200"), dev("1", "10ca", "0200"), dev("2", "2822", "0104")},
			})
		}
		return nil
	})
}

// given lists the PCI functions of a host that are assigned to a VM.
func (w *world) given(hostID, vmID int) (functions string) {
	h, err := host.Kind.Get(w.store.Read(), hostID)
	if err != nil {
		w.tb.Fatalf("%v", err)
	}
	for _, d := range h.PCIs {
		if d.VM == vmID {
			functions += d.Attrs.Get("FUNCTION")
		}
	}
	return functions
}

func TestPCIDevices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	withDevices(w)
	a := w.running("CPU=1\nMEMORY=64\nPCI=[VENDOR=\"8086\",CLASS=\"0200\"]\nPCI=[SHORT_ADDRESS=\"01:00.0\"]")
	check := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
		w.audit()
	}
	address := func(n int) string { return w.vm(a).PCIs()[n].Get("ADDRESS") }
	check("host 0 gave", w.given(0, a), "01")
	check("the one that was asked for", address(1), "0000:01:00:0")
	check("the other", address(0), "0000:01:00:1")
	attach := func(id int, text string) string {
		err := w.update(func(tx *store.Tx) error { return AttachPCI(tx, w.s, oneadmin, id, template(text)) })
		if err != nil {
			return err.Error()
		}
		return ""
	}
	check("attaching nothing", attach(a, "A=1"), "PCI attribute not found")
	check("attaching anything", attach(a, "PCI=[A=1]"), "SHORT_ADDRESS, DEVICE, VENDOR or CLASS must be defined for PCI.")
	check("attaching what is no number", attach(a, `PCI=[VENDOR="xyz"]`), "Wrong Hex value for PCI attribute VENDOR")
	check("attaching to what runs", attach(a, `PCI=[DEVICE="2822"]`), "VM in wrong state, it has to be in poweroff")
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, oneadmin, a, "poweroff-hard") })
	w.run(a)
	check("attaching what is taken", attach(a, `PCI=[DEVICE="10ca"]`), "Cannot assign PCI device in host. Check address and free devices")
	check("attaching", attach(a, `PCI=[DEVICE="2822"]`), "")
	check("host 0 gave then", w.given(0, a), "012")
	w.must(func(tx *store.Tx) error { return DetachPCI(tx, w.s, oneadmin, a, 0) })
	check("host 0 gave after one was detached", w.given(0, a), "02")
	w.must(func(tx *store.Tx) error { return Migrate(tx, w.s, oneadmin, a, Migration{HostID: 1, DSID: -1}) })
	check("host 0 while the VM, which is off, leaves", w.given(0, a), "")
	w.run(a)
	check("host 0 after the VM left", w.given(0, a), "")
	check("host 1 gave", w.given(1, a), "02")
	check("the device there", address(0), "0000:02:00:0")
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, oneadmin, a, "terminate-hard") })
	w.run(a)
	check("host 1 after the VM ended", w.given(1, a), "")
}

func TestDeployWithoutAFreeDevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	withDevices(w)
	id := w.allocate("CPU=1\nMEMORY=64\nPCI=[DEVICE=\"beef\"]", true)
	err := w.update(func(tx *store.Tx) error { return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: 0, DSID: -1}) })
	if want := "Cannot assign PCI device in host. Check address and free devices"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	w.audit()
}

// Monitoring a host keeps its assigned devices.
func TestMonitoringKeepsAssignedDevices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	withDevices(w)
	id := w.running("CPU=1\nMEMORY=64\nPCI=[CLASS=\"0104\"]")
	withDevices(w)
	w.must(func(tx *store.Tx) error { host.Seen(tx, 0, drivers.HostReport{TotalCPU: 800}); return nil })
	if got := w.given(0, id); got != "2" {
		t.Errorf("host 0 has assigned %q, want 2", got)
	}
	w.audit()
}
