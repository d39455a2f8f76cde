package drivertest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/renkei-vpe/renkei/drivers"
)

// testWatch watches a host while a VM starts and ends.
func testWatch(t *testing.T, v *vmmTrial) {
	w := extra[drivers.Watcher](t, v.hv)
	vm := v.vm(t)
	ctx, stop := context.WithCancel(v.ctx(t))
	defer stop()
	var running, off atomic.Bool
	var g errgroup.Group
	g.Go(func() error {
		return w.Watch(ctx, func(d drivers.Domain) {
			if d.VMID == vm.ID {
				running.Store(running.Load() || d.State == drivers.DomainRunning)
				off.Store(off.Load() || d.State == drivers.DomainOff)
			}
		})
	})
	// It is not known when Watch has begun, so the VM starts and ends until both have been
	// observed.
	for !running.Load() || !off.Load() {
		if ctx.Err() != nil {
			t.Fatalf("Watch saw it running: %v, off: %v", running.Load(), off.Load())
		}
		v.deploy(t, &vm)
		v.ok(t, "Destroy", func(ctx context.Context) error { return v.hv.Destroy(ctx, vm) })
	}
	stop()
	if err := g.Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("Watch = %v, want %v", err, context.Canceled)
	}
}

// testCancelled makes each call with a context that has ended: the call answers the context's
// error, and nothing happens.
func testCancelled(t *testing.T, v *vmmTrial) {
	vm, idle := v.deployed(t), v.vm(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for what, err := range map[string]error{
		"Deploy":   second(v.hv.Deploy(ctx, idle)),
		"Shutdown": v.hv.Shutdown(ctx, vm),
		"Destroy":  v.hv.Destroy(ctx, vm),
		"Reboot":   v.hv.Reboot(ctx, vm),
		"Reset":    v.hv.Reset(ctx, vm),
		"Save":     v.hv.Save(ctx, vm, checkpointOf(vm)),
		"Restore":  second(v.hv.Restore(ctx, idle, checkpointOf(idle))),
		"Poll":     second(v.hv.Poll(ctx)),
		"Monitor":  second(v.hv.Monitor(ctx)),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s = %v, want %v", what, err, context.Canceled)
		}
	}
	v.runs(t, v.hv, vm)
	v.gone(t, v.hv, idle)
}

func second[T any](_ T, err error) error { return err }

// testClosed calls a driver that was closed.
func testClosed(t *testing.T, v *vmmTrial) {
	on := v.VMM
	vm := on.NewVM(t)
	if err := on.Driver.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if _, err := v.hv.Deploy(v.ctx(t), vm); err == nil {
		t.Error("Deploy after Close: no error")
	}
	if _, err := v.hv.Poll(v.ctx(t)); err == nil {
		t.Error("Poll after Close: no error")
	}
	if w, ok := v.hv.(drivers.Watcher); ok {
		if err := w.Watch(v.ctx(t), func(drivers.Domain) {}); err == nil {
			t.Error("Watch after Close: no error")
		}
	}
}
