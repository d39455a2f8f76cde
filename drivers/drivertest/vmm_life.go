package drivertest

import (
	"context"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/renkei-vpe/renkei/drivers"
)

func testDeployRuns(t *testing.T, v *vmmTrial) {
	vm := v.vm(t)
	v.gone(t, v.hv, vm)
	v.deploy(t, &vm)
	v.runs(t, v.hv, vm)
}

// A server that is killed between Deploy and storing the outcome deploys again.
func testDeployTwice(t *testing.T, v *vmmTrial) {
	vm := v.deployed(t)
	first := vm.DeployID
	v.deploy(t, &vm)
	if vm.DeployID != first {
		t.Errorf("the second Deploy answered %q, the first %q", vm.DeployID, first)
	}
	v.runs(t, v.hv, vm)
}

func testDeployAfterPowerOff(t *testing.T, v *vmmTrial) {
	vm := v.deployed(t)
	v.PowerOff(t, vm)
	v.eventually(t, vm, drivers.DomainOff)
	v.deploy(t, &vm)
	v.runs(t, v.hv, vm)
}

func testDeployMany(t *testing.T, v *vmmTrial) {
	const n = 8
	vms := make([]drivers.VM, n)
	for i := range vms {
		vms[i] = v.vm(t)
	}
	g, ctx := errgroup.WithContext(v.ctx(t))
	for i := range vms {
		g.Go(func() (err error) {
			vms[i].DeployID, err = v.hv.Deploy(ctx, vms[i])
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatalf("Deploy: %v", err)
	}
	for _, vm := range vms {
		v.runs(t, v.hv, vm)
	}
}

func testShutdown(t *testing.T, v *vmmTrial) {
	vm := v.booted(t)
	v.okTwice(t, "Shutdown", func(ctx context.Context) error { return v.hv.Shutdown(ctx, vm) })
	v.gone(t, v.hv, vm)
}

func testDestroy(t *testing.T, v *vmmTrial) {
	vm := v.deployed(t)
	v.okTwice(t, "Destroy", func(ctx context.Context) error { return v.hv.Destroy(ctx, vm) })
	v.gone(t, v.hv, vm)
}

func testEndOfNothing(t *testing.T, v *vmmTrial) {
	vm := v.vm(t)
	v.okTwice(t, "Destroy", func(ctx context.Context) error { return v.hv.Destroy(ctx, vm) })
	v.okTwice(t, "Shutdown", func(ctx context.Context) error { return v.hv.Shutdown(ctx, vm) })
}

func testPowerOffIsSeen(t *testing.T, v *vmmTrial) {
	vm := v.deployed(t)
	v.PowerOff(t, vm)
	v.eventually(t, vm, drivers.DomainOff)
	v.okTwice(t, "Destroy", func(ctx context.Context) error { return v.hv.Destroy(ctx, vm) })
	v.gone(t, v.hv, vm)
}

func testRestart(t *testing.T, v *vmmTrial) {
	vm := v.deployed(t)
	v.ok(t, "Reboot", func(ctx context.Context) error { return v.hv.Reboot(ctx, vm) })
	v.ok(t, "Reset", func(ctx context.Context) error { return v.hv.Reset(ctx, vm) })
	v.runs(t, v.hv, vm)
}

// Calls that need a running guest fail if there is none.
func testUnknownDomain(t *testing.T, v *vmmTrial) {
	vm := v.vm(t)
	vm.DeployID = "one-unheard-of"
	file := checkpointOf(vm)
	v.refused(t, "Reboot", func(ctx context.Context) error { return v.hv.Reboot(ctx, vm) })
	v.refused(t, "Reset", func(ctx context.Context) error { return v.hv.Reset(ctx, vm) })
	v.refused(t, "Save", func(ctx context.Context) error { return v.hv.Save(ctx, vm, file) })
	v.refused(t, "Restore", func(ctx context.Context) error {
		_, err := v.hv.Restore(ctx, vm, file)
		return err
	})
	v.gone(t, v.hv, vm)
}

func testMonitor(t *testing.T, v *vmmTrial) {
	v.deployed(t)
	r, err := v.hv.Monitor(v.ctx(t))
	if err != nil {
		t.Fatalf("Monitor: %v", err)
	}
	if r.Hypervisor == "" || r.Arch == "" || r.HostName == "" {
		t.Errorf("Monitor leaves out hypervisor, arch or name: %+v", r)
	}
	if r.TotalCPU < 100 || r.UsedCPU < 0 || r.UsedCPU > r.TotalCPU {
		t.Errorf("CPU: %d used of %d", r.UsedCPU, r.TotalCPU)
	}
	if r.TotalMemoryKiB <= 0 || r.UsedMemoryKiB <= 0 || r.UsedMemoryKiB > r.TotalMemoryKiB {
		t.Errorf("memory: %d KiB used of %d KiB", r.UsedMemoryKiB, r.TotalMemoryKiB)
	}
}
