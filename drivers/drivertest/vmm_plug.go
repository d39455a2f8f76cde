package drivertest

import (
	"context"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
)

func testMigrate(t *testing.T, v *vmmTrial) {
	m := extra[drivers.Migrator](t, v.hv)
	if v.Other == nil {
		t.Skip("there is no second host to migrate to")
	}
	other := v.Driver.On(*v.Other)
	vm := v.deployed(t)
	t.Cleanup(func() {
		if err := other.Destroy(context.Background(), vm); err != nil {
			t.Errorf("cleaning up: Destroy: %v", err)
		}
	})
	v.okTwice(t, "Migrate", func(ctx context.Context) error { return m.Migrate(ctx, vm, *v.Other) })
	v.gone(t, v.hv, vm)
	v.runs(t, other, vm)
	v.refused(t, "Migrate of nothing", func(ctx context.Context) error {
		return m.Migrate(ctx, v.vm(t), *v.Other)
	})
}

func testDisks(t *testing.T, v *vmmTrial) {
	p := extra[drivers.DiskPlugger](t, v.hv)
	vm := v.Grow(t, v.booted(t))
	attach := func(ctx context.Context) error { return p.AttachDisk(ctx, vm, 1) }
	detach := func(ctx context.Context) error { return p.DetachDisk(ctx, vm, 1) }
	for range 2 { // a detached disk can be attached again
		v.okTwice(t, "AttachDisk", attach)
		v.okTwice(t, "DetachDisk", detach)
	}
	v.runs(t, v.hv, vm)
	v.refused(t, "AttachDisk of no disk", func(ctx context.Context) error { return p.AttachDisk(ctx, vm, 99) })
	idle := v.Grow(t, v.vm(t))
	v.refused(t, "AttachDisk to nothing", func(ctx context.Context) error { return p.AttachDisk(ctx, idle, 1) })
}

func testNICs(t *testing.T, v *vmmTrial) {
	p := extra[drivers.NICPlugger](t, v.hv)
	vm := v.Grow(t, v.booted(t))
	attach := func(ctx context.Context) error { return p.AttachNIC(ctx, vm, 1) }
	detach := func(ctx context.Context) error { return p.DetachNIC(ctx, vm, 1) }
	for range 2 {
		v.okTwice(t, "AttachNIC", attach)
		v.okTwice(t, "DetachNIC", detach)
	}
	v.runs(t, v.hv, vm)
	v.refused(t, "AttachNIC of no NIC", func(ctx context.Context) error { return p.AttachNIC(ctx, vm, 99) })
	idle := v.Grow(t, v.vm(t))
	v.refused(t, "AttachNIC to nothing", func(ctx context.Context) error { return p.AttachNIC(ctx, idle, 1) })
}

func testContextCD(t *testing.T, v *vmmTrial) {
	c := extra[drivers.ContextChanger](t, v.hv)
	vm := v.booted(t)
	eject := func(ctx context.Context) error { return c.EjectContext(ctx, vm) }
	insert := func(ctx context.Context) error { return c.InsertContext(ctx, vm) }
	v.okTwice(t, "InsertContext of what is in", insert)
	for range 2 { // an inserted CD can be ejected again
		v.okTwice(t, "EjectContext", eject)
		v.okTwice(t, "InsertContext", insert)
	}
	v.runs(t, v.hv, vm)
	idle := v.vm(t)
	v.refused(t, "EjectContext of nothing", func(ctx context.Context) error { return c.EjectContext(ctx, idle) })
	v.refused(t, "InsertContext into nothing", func(ctx context.Context) error { return c.InsertContext(ctx, idle) })
}

func testSnapshots(t *testing.T, v *vmmTrial) {
	s := extra[drivers.Snapshotter](t, v.hv)
	vm := v.booted(t)
	var name string
	v.okTwice(t, "CreateSnapshot", func(ctx context.Context) error {
		again, err := s.CreateSnapshot(ctx, vm, 0)
		if name != "" && again != name {
			t.Errorf("the second CreateSnapshot answered %q, the first %q", again, name)
		}
		name = again
		return err
	})
	v.okTwice(t, "RevertSnapshot", func(ctx context.Context) error { return s.RevertSnapshot(ctx, vm, name) })
	v.runs(t, v.hv, vm)
	v.refused(t, "RevertSnapshot to none", func(ctx context.Context) error {
		return s.RevertSnapshot(ctx, vm, "no-such-snapshot")
	})
	v.okTwice(t, "DeleteSnapshot", func(ctx context.Context) error { return s.DeleteSnapshot(ctx, vm, name) })
	v.runs(t, v.hv, vm)
}

func testResizeDisk(t *testing.T, v *vmmTrial) {
	r := extra[drivers.Resizer](t, v.hv)
	vm := v.booted(t)
	v.okTwice(t, "ResizeDisk", func(ctx context.Context) error { return r.ResizeDisk(ctx, vm, 0, 2048) })
	v.runs(t, v.hv, vm)
}
