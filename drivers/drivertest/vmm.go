package drivertest

import (
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
)

// VMM is a hypervisor driver under test, with what the tests need.
type VMM struct {
	Driver drivers.VMM
	Host   drivers.Host
	Other  *drivers.Host // a second host, to migrate to

	// NewVM answers a VM that no other test uses and that can boot on Host, with its files. It
	// has a DISK 0, a NIC 0 and a CONTEXT.
	NewVM func(t *testing.T) drivers.VM
	// Grow answers vm with DISK 1 and NIC 1, ready to be attached.
	Grow func(t *testing.T, vm drivers.VM) drivers.VM
	// Booted waits until the guest reacts to requests to power off or to release a device; nil
	// if guests do from the start.
	Booted func(t *testing.T, vm drivers.VM)
	// PowerOff makes a running guest power itself off, without the driver.
	PowerOff func(t *testing.T, vm drivers.VM)

	Serial bool // the tests must not run in parallel
	// Saved checks the file of an incremental backup of a disk; nil for a driver that stores no
	// content.
	Saved    func(t *testing.T, file string)
	Patience time.Duration     // how long one call may take; 10 s if 0
	Cannot   map[string]string // tests that this driver cannot pass here, with the reasons
}

// vmmTests are the tests of the contract of drivers.VMM.
var vmmTests = []struct {
	name string
	test func(*testing.T, *vmmTrial)
}{
	{"DeployRuns", testDeployRuns},
	{"DeployTwice", testDeployTwice},
	{"DeployAfterPowerOff", testDeployAfterPowerOff},
	{"DeployMany", testDeployMany},
	{"Shutdown", testShutdown},
	{"Destroy", testDestroy},
	{"EndOfNothing", testEndOfNothing},
	{"PowerOffIsSeen", testPowerOffIsSeen},
	{"Restart", testRestart},
	{"SaveRestore", testSaveRestore},
	{"SaveTwice", testSaveTwice},
	{"RestoreTwice", testRestoreTwice},
	{"UnknownDomain", testUnknownDomain},
	{"Monitor", testMonitor},
	{"Watch", testWatch},
	{"Migrate", testMigrate},
	{"Disks", testDisks},
	{"NICs", testNICs},
	{"ContextCD", testContextCD},
	{"Snapshots", testSnapshots},
	{"ResizeDisk", testResizeDisk},
	{"Backup", testBackup},
	{"BackupCancelled", testBackupCancelled},
	{"Cancelled", testCancelled},
	{"Closed", testClosed},
}

// RunVMM checks a driver against the contracts of drivers.VMM, drivers.Hypervisor and the
// optional interfaces that its hypervisors implement. The factory is called by each test for a
// new driver.
func RunVMM(t *testing.T, factory func(t *testing.T) VMM) {
	t.Helper()
	for _, tc := range vmmTests {
		t.Run(tc.name, func(t *testing.T) {
			on := factory(t)
			trial := newVMMTrial(t, on)
			if reason, ok := on.Cannot[tc.name]; ok {
				t.Skip(reason)
			}
			if !on.Serial {
				t.Parallel()
			}
			tc.test(t, trial)
		})
	}
}
