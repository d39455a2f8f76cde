package drivertest

import (
	"context"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
)

// vmmTrial is one test of a driver: it makes calls, fails the test if they fail, and cleans up.
type vmmTrial struct {
	VMM
	hv drivers.Hypervisor
}

func newVMMTrial(t *testing.T, on VMM) *vmmTrial {
	if on.Patience == 0 {
		on.Patience = 10 * time.Second
	}
	t.Cleanup(func() {
		if err := on.Driver.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return &vmmTrial{VMM: on, hv: on.Driver.On(on.Host)}
}

// vm answers a new VM that is destroyed when the test ends.
func (v *vmmTrial) vm(t *testing.T) drivers.VM {
	t.Helper()
	vm := v.NewVM(t)
	t.Cleanup(func() {
		// t.Context has ended when cleanups run.
		ctx, cancel := context.WithTimeout(context.Background(), v.Patience)
		defer cancel()
		if err := v.hv.Destroy(ctx, vm); err != nil {
			t.Errorf("cleaning up: Destroy: %v", err)
		}
	})
	return vm
}

// deployed answers a new running VM.
func (v *vmmTrial) deployed(t *testing.T) drivers.VM {
	t.Helper()
	vm := v.vm(t)
	v.deploy(t, &vm)
	return vm
}

// booted answers a new VM whose guest reacts to requests.
func (v *vmmTrial) booted(t *testing.T) drivers.VM {
	t.Helper()
	vm := v.deployed(t)
	if v.Booted != nil {
		v.Booted(t, vm)
	}
	return vm
}

func (v *vmmTrial) deploy(t *testing.T, vm *drivers.VM) {
	t.Helper()
	ctx := v.ctx(t)
	id, err := v.hv.Deploy(ctx, *vm)
	if err != nil {
		t.Fatalf("Deploy: %v", err)
	}
	if id == "" {
		t.Fatal("Deploy answered no deploy ID")
	}
	vm.DeployID = id
}

// ctx bounds one call.
func (v *vmmTrial) ctx(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), v.Patience)
	t.Cleanup(cancel)
	return ctx
}

// ok makes a call that has to succeed.
func (v *vmmTrial) ok(t *testing.T, what string, call func(ctx context.Context) error) {
	t.Helper()
	if err := call(v.ctx(t)); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// okTwice makes a call that has to succeed, and to succeed again.
func (v *vmmTrial) okTwice(t *testing.T, what string, call func(ctx context.Context) error) {
	t.Helper()
	v.ok(t, what, call)
	v.ok(t, what+" again", call)
}

// refused makes a call that has to fail.
func (v *vmmTrial) refused(t *testing.T, what string, call func(ctx context.Context) error) {
	t.Helper()
	if err := call(v.ctx(t)); err == nil {
		t.Errorf("%s: no error", what)
	}
}

// poll answers the domain of vm on hv, and how many there are.
func (v *vmmTrial) poll(t *testing.T, hv drivers.Hypervisor, vm drivers.VM) (d drivers.Domain, n int) {
	t.Helper()
	all, err := hv.Poll(v.ctx(t))
	if err != nil {
		t.Fatalf("Poll: %v", err)
	}
	for _, one := range all {
		if one.VMID == vm.ID {
			d, n = one, n+1
		}
	}
	return d, n
}

// runs fails the test unless hv has exactly one domain of vm, which is running.
func (v *vmmTrial) runs(t *testing.T, hv drivers.Hypervisor, vm drivers.VM) {
	t.Helper()
	d, n := v.poll(t, hv, vm)
	if n != 1 || d.State != drivers.DomainRunning {
		t.Fatalf("Poll has %d domains of VM %d, the last one %v; want one that runs", n, vm.ID, d.State)
	}
	if d.DeployID != vm.DeployID {
		t.Errorf("Poll calls it %q, Deploy called it %q", d.DeployID, vm.DeployID)
	}
}

// gone fails the test unless hv has no domain of vm.
func (v *vmmTrial) gone(t *testing.T, hv drivers.Hypervisor, vm drivers.VM) {
	t.Helper()
	if d, n := v.poll(t, hv, vm); n != 0 {
		t.Fatalf("Poll still has VM %d, which is %v", vm.ID, d.State)
	}
}

// eventually polls until vm is in the wanted state.
func (v *vmmTrial) eventually(t *testing.T, vm drivers.VM, want drivers.DomainState) {
	t.Helper()
	ctx := v.ctx(t)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		d, n := v.poll(t, v.hv, vm)
		if n == 1 && d.State == want {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("Poll has %d domains of VM %d, the last one %v; want one that is %v", n, vm.ID, d.State, want)
		}
	}
}

// extra answers the optional interface T of hv, or skips the test.
func extra[T any](t *testing.T, hv drivers.Hypervisor) T {
	t.Helper()
	x, ok := hv.(T)
	if !ok {
		t.Skipf("%T does not implement %T", hv, (*T)(nil))
	}
	return x
}
