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

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/contextcd"
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

// realIDs start above the VM IDs of installations on this machine.
const firstRealID = 990000

func newRealDriver(t *testing.T) *libvirt.Driver {
	d, err := libvirt.New(libvirt.Settings{
		URI:           os.Getenv("RENKEI_TEST_URI"),
		Type:          func(context.Context, drivers.Host) string { return domxml.QEMU },
		DatastoresDir: os.TempDir(),
		Log:           zerolog.New(zerolog.NewTestWriter(t)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// realVM makes a folder with disks that QEMU's user can open.
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
	contextOf(t, &vm, 2)
	return vm
}

// contextOf gives vm a context CD.
func contextOf(t *testing.T, vm *drivers.VM, diskID int) {
	t.Helper()
	vm.Template.SetVector("CONTEXT",
		attr.Pair{Key: "DISK_ID", Value: fmt.Sprint(diskID)}, attr.Pair{Key: "TARGET", Value: "hda"})
	path := domxml.DiskPath(*vm, diskID)
	if err := contextcd.Build(path, []drivers.File{{Name: "context.sh", Data: []byte("TRIED='yes'\n")}}); err != nil {
		t.Fatal(err)
	}
	command(t, "chmod", "0666", path)
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
	drivertest.RunVMM(t, realTrials(image, testHost, nil, realURI))
}

// Two hosts that share their folders with this machine, such as those of
// scripts/lab/hosts.sh: RENKEI_TEST_HOSTS="10.78.0.11 10.78.0.12" and
// RENKEI_TEST_URI="qemu+ssh://root@{host}/system?keyfile=…&no_verify=1".
func TestContractBetweenHosts(t *testing.T) {
	image := realGuests(t)
	names := strings.Fields(os.Getenv("RENKEI_TEST_HOSTS"))
	if len(names) != 2 {
		t.Skip("two hosts: set RENKEI_TEST_HOSTS and RENKEI_TEST_URI")
	}
	one, two := drivers.Host{ID: 1, Name: names[0]}, drivers.Host{ID: 2, Name: names[1]}
	uri := strings.ReplaceAll(os.Getenv("RENKEI_TEST_URI"), "{host}", one.Name)
	drivertest.RunVMM(t, realTrials(image, one, &two, uri))
}

func realTrials(image string, on drivers.Host, other *drivers.Host, uri string) func(t *testing.T) drivertest.VMM {
	var ids atomic.Int32
	return func(t *testing.T) drivertest.VMM {
		return drivertest.VMM{
			Driver: newRealDriver(t),
			Host:   on,
			Other:  other,
			NewVM:  func(t *testing.T) drivers.VM { return realVM(t, image, firstRealID+int(ids.Add(1))) },
			Grow: func(t *testing.T, vm drivers.VM) drivers.VM {
				overlay(t, vm, 1, image)
				vm.Template = vm.Template.Clone()
				vm.Template.Add(realDisk(1))
				vm.Template.Add(realNIC(vm.ID, 1))
				return vm
			},
			Booted: booted,
			Saved:  func(t *testing.T, file string) { command(t, "qemu-img", "check", "-q", "-f", "qcow2", file) },
			PowerOff: func(t *testing.T, vm drivers.VM) {
				booted(t, vm)
				powerOff(t, uri, vm)
			},
			Serial:   true,
			Patience: 90 * time.Second,
			Cannot:   cannotElsewhere(on),
		}
	}
}

// cannotElsewhere: files of other hosts cannot be changed without a runner.
func cannotElsewhere(on drivers.Host) map[string]string {
	if on.Local {
		return nil
	}
	const why = "this driver was given no way to run commands there"
	return map[string]string{"RestoreTwice": why, "Backup": why, "BackupCancelled": why}
}

// booted waits for the line that the guest writes when it has booted.
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

// Tests that need a real guest: counters, live resizing, the console.
func TestRealGuestInDetail(t *testing.T) {
	vm := realVM(t, realGuests(t), firstRealID+999)
	d := newRealDriver(t)
	defer d.Close()
	hv := d.On(testHost)
	deployAndDestroy(t, hv, &vm)
	if _, err := hv.Poll(t.Context()); err != nil { // the first sample of its CPU time
		t.Fatal(err)
	}
	booted(t, vm)
	resizeLive(t, hv.(drivers.Resizer), vm)
	ds, err := hv.Poll(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, dom := range ds {
		if dom.VMID != vm.ID {
			continue
		}
		if dom.CPUPercent <= 0 || dom.MemoryKiB < 32<<10 || dom.DiskRdBytes == 0 || dom.DiskRdOps == 0 || dom.DiskSizesMiB[0] == 0 {
			t.Errorf("Poll = %+v, want counters that grew while it booted", dom)
		}
		return
	}
	t.Errorf("Poll = %+v, want VM %d among them", ds, vm.ID)
}

func deployAndDestroy(t *testing.T, hv drivers.Hypervisor, vm *drivers.VM) {
	t.Helper()
	id, err := hv.Deploy(t.Context(), *vm)
	if err != nil {
		t.Fatal(err)
	}
	vm.DeployID = id
	t.Cleanup(func() {
		d := newRealDriver(t)
		defer d.Close()
		if err := d.On(testHost).Destroy(context.Background(), *vm); err != nil {
			t.Error(err)
		}
	})
}

func resizeLive(t *testing.T, r drivers.Resizer, vm drivers.VM) {
	t.Helper()
	for range 2 {
		if err := r.ResizeCapacity(t.Context(), vm, 2, 160); err != nil {
			t.Errorf("ResizeCapacity: %v", err)
		}
	}
	if err := r.ResizeCapacity(t.Context(), vm, 3, 160); err == nil {
		t.Error("ResizeCapacity above VCPU_MAX: no error")
	}
	if err := r.ResizeCapacity(t.Context(), vm, 2, 4096); err == nil {
		t.Error("ResizeCapacity above MEMORY_MAX: no error")
	}
}
