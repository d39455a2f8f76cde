package drivertest

import (
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
)

// VMM is a hypervisor driver on trial, with what the trial needs.
type VMM struct {
	Driver drivers.VMM
	Host   drivers.Host
	Other  *drivers.Host // a second host, to migrate to

	// NewVM answers a VM that no other test uses and that boots on Host: its
	// files are there. It has a DISK 0, a NIC 0 and a CONTEXT.
	NewVM func(t *testing.T) drivers.VM
	// Grow answers vm with a DISK 1 and a NIC 1 more, ready to be attached.
	Grow func(t *testing.T, vm drivers.VM) drivers.VM
	// Booted waits until the guest does what it is asked: to power off, to let
	// go of a device. nil where guests do from the start.
	Booted func(t *testing.T, vm drivers.VM)
	// PowerOff makes a running guest power itself off, behind the driver's back.
	PowerOff func(t *testing.T, vm drivers.VM)

	Serial bool // the tests must not run beside each other
	// Saved looks at the file of a disk that was saved as an increment; nil for a
	// driver that keeps no bytes.
	Saved    func(t *testing.T, file string)
	Patience time.Duration     // the longest that one call may take; 10 s when 0
	Cannot   map[string]string // tests that this driver cannot pass here, with the reason
}

// vmmTests is the contract of drivers.VMM, a test each.
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

// RunVMM holds a driver to the contract of drivers.VMM, drivers.Hypervisor and
// the interfaces that its hypervisors implement besides. The factory is asked
// for a fresh driver by each test.
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
