package libvirt_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testURI is libvirt's test driver, inside the library. In one process, test:///default is one
// host.
const testURI = "test:///default"

var testHost = drivers.Host{ID: 1, Name: "host01", Local: true}

// needLibvirt skips a test where the library is not installed.
func needLibvirt(t *testing.T) {
	t.Helper()
	c, err := lv.NewConnect(testURI)
	if err != nil {
		t.Skipf("libvirt is not installed here: %v", err)
	}
	if _, err := c.Close(); err != nil {
		t.Error(err)
	}
}

// testIDs gives out IDs for the VMs of all tests on that host.
type testIDs struct{ last atomic.Int32 }

func (ids *testIDs) newVM(t *testing.T) drivers.VM {
	return testVM(t, int(ids.last.Add(1))+100)
}

func testVM(t *testing.T, id int) drivers.VM {
	var tmpl attr.Template
	tmpl.Set("MEMORY", "8")
	tmpl.SetVector("OS", attr.Pair{Key: "ARCH", Value: "i686"}, attr.Pair{Key: "MACHINE", Value: "pc"})
	tmpl.Add(testDisk(0))
	tmpl.Add(testNIC(0))
	return drivers.VM{ID: id, Name: fmt.Sprintf("vm%d", id), Template: tmpl, Dir: t.TempDir()}
}

func testDisk(id int) attr.Attr {
	return attr.NewVector("DISK",
		attr.Pair{Key: "DISK_ID", Value: fmt.Sprint(id)},
		attr.Pair{Key: "TARGET", Value: "vd" + string(rune('a'+id))},
	)
}

func testNIC(id int) attr.Attr {
	return attr.NewVector("NIC",
		attr.Pair{Key: "NIC_ID", Value: fmt.Sprint(id)},
		attr.Pair{Key: "MAC", Value: fmt.Sprintf("02:00:00:00:00:%02x", id)},
	)
}

func newTestDriver(t *testing.T) *libvirt.Driver {
	d, err := libvirt.New(libvirt.Settings{
		LocalURI: testURI,
		Type:     func(context.Context, drivers.Host) string { return "test" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestContractOnTheSimulation(t *testing.T) {
	needLibvirt(t)
	var ids testIDs
	noDevices := "libvirt's test driver attaches no devices"
	drivertest.RunVMM(t, func(t *testing.T) drivertest.VMM {
		return drivertest.VMM{
			Driver: newTestDriver(t),
			Host:   testHost,
			NewVM:  ids.newVM,
			Grow: func(_ *testing.T, vm drivers.VM) drivers.VM {
				vm.Template = vm.Template.Clone()
				vm.Template.Add(testDisk(1))
				vm.Template.Add(testNIC(1))
				return vm
			},
			PowerOff: func(t *testing.T, vm drivers.VM) { powerOff(t, testURI, vm) },
			Serial:   true,
			Cannot: map[string]string{
				"Disks":           noDevices,
				"NICs":            noDevices,
				"ContextCD":       noDevices,
				"ResizeDisk":      "libvirt's test driver resizes no disks",
				"Backup":          "libvirt's test driver saves no disks",
				"BackupCancelled": "libvirt's test driver saves no disks",
			},
		}
	})
}

// powerOff has a guest power itself off, over a connection of its own.
func powerOff(t *testing.T, uri string, vm drivers.VM) {
	t.Helper()
	c, err := lv.NewConnect(uri)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	dom, err := c.LookupDomainByName(vm.DeployID)
	if err != nil {
		t.Fatal(err)
	}
	defer dom.Free()
	if err := dom.Shutdown(); err != nil {
		t.Fatal(err)
	}
}
