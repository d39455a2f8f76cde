package libvirt_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"
	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// The tests of this file boot real guests, emulated, on qemu:///system. They
// want RENKEI_TEST_LIBVIRT=1, a libvirt (scripts/libvirt.sh start) and in
// RENKEI_TEST_GUEST an image made by scripts/guest/build.sh.
func realGuests(t *testing.T) (image string) {
	t.Helper()
	image = os.Getenv("RENKEI_TEST_GUEST")
	if os.Getenv("RENKEI_TEST_LIBVIRT") != "1" || image == "" {
		t.Skip("real guests: set RENKEI_TEST_LIBVIRT=1, and RENKEI_TEST_GUEST to a guest image")
	}
	return image
}

const realURI = "qemu:///system"

// realIDs start where no installation of this machine will have VMs.
const firstRealID = 990000

func newRealDriver(t *testing.T) *libvirt.Driver {
	d, err := libvirt.New(libvirt.Settings{
		Type:          func(context.Context, drivers.Host) string { return domxml.QEMU },
		DatastoresDir: os.TempDir(),
		Log:           zerolog.New(zerolog.NewTestWriter(t)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// realVM makes a folder with disks that qemu may open, whoever it runs as.
func realVM(t *testing.T, image string, id int) drivers.VM {
	t.Helper()
	dir, err := os.MkdirTemp("/var/tmp", "renkei-vm-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	vm := drivers.VM{ID: id, Name: fmt.Sprintf("guest %d", id), Dir: dir}
	command(t, "chmod", "0777", dir)
	overlay(t, vm, 0, image)
	vm.Template.Set("CPU", "0.2")
	vm.Template.Set("MEMORY", "128")
	vm.Template.Set("MEMORY_MAX", "192")
	vm.Template.Set("VCPU_MAX", "2")
	vm.Template.Set("VCPU", "1")
	vm.Template.SetVector("OS", attr.Pair{Key: "BOOT", Value: "disk0"})
	vm.Template.Add(realDisk(0))
	vm.Template.Add(realNIC(id, 0))
	return vm
}

func overlay(t *testing.T, vm drivers.VM, diskID int, image string) {
	t.Helper()
	path := domxml.DiskPath(vm, diskID)
	command(t, "qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", image, path)
	command(t, "chmod", "0666", path)
}

func command(t *testing.T, argv ...string) {
	t.Helper()
	if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%q: %v\n%s", argv, err, out)
	}
}

func realDisk(id int) attr.Attr {
	d := testDisk(id)
	d.Set("DRIVER", "qcow2")
	return d
}

func realNIC(vmID, id int) attr.Attr {
	return attr.NewVector("NIC",
		attr.Pair{Key: "NIC_ID", Value: fmt.Sprint(id)},
		attr.Pair{Key: "MAC", Value: fmt.Sprintf("02:00:%02x:%02x:00:%02x", vmID>>8&255, vmID&255, id)},
	)
}

func TestContractOnRealGuests(t *testing.T) {
	image := realGuests(t)
	var ids atomic.Int32
	drivertest.RunVMM(t, func(t *testing.T) drivertest.VMM {
		return drivertest.VMM{
			Driver: newRealDriver(t),
			Host:   testHost,
			NewVM:  func(t *testing.T) drivers.VM { return realVM(t, image, firstRealID+int(ids.Add(1))) },
			Grow: func(t *testing.T, vm drivers.VM) drivers.VM {
				overlay(t, vm, 1, image)
				vm.Template = vm.Template.Clone()
				vm.Template.Add(realDisk(1))
				vm.Template.Add(realNIC(vm.ID, 1))
				return vm
			},
			Booted:   booted,
			PowerOff: realPowerOff,
			Serial:   true,
			Patience: 90 * time.Second,
		}
	})
}

// booted waits for the line that the guest writes when it is up.
func booted(t *testing.T, vm drivers.VM) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(90 * time.Second); ; {
		log, err := os.ReadFile(filepath.Join(vm.Dir, domxml.ConsoleLog))
		if err == nil && strings.Contains(string(log), "GUEST-UP") {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("the guest did not boot (%v):\n%s", err, log)
		}
	}
}

// realPowerOff presses the power button of a guest that has booted.
func realPowerOff(t *testing.T, vm drivers.VM) {
	t.Helper()
	booted(t, vm)
	c, err := lv.NewConnect(realURI)
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
