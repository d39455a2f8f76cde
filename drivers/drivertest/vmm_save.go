package drivertest

import (
	"context"
	"path"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
)

func checkpointOf(vm drivers.VM) string { return path.Join(vm.Dir, drivers.CheckpointFile) }

func (v *vmmTrial) save(t *testing.T, vm drivers.VM) {
	t.Helper()
	v.ok(t, "Save", func(ctx context.Context) error { return v.hv.Save(ctx, vm, checkpointOf(vm)) })
}

func (v *vmmTrial) restore(t *testing.T, vm drivers.VM) {
	t.Helper()
	v.ok(t, "Restore", func(ctx context.Context) error {
		id, err := v.hv.Restore(ctx, vm, checkpointOf(vm))
		if err == nil && id != vm.DeployID {
			t.Errorf("Restore answered %q, Deploy %q", id, vm.DeployID)
		}
		return err
	})
}

func testSaveRestore(t *testing.T, v *vmmTrial) {
	vm := v.deployed(t)
	for range 2 { // the second round must not use the first one's file
		v.save(t, vm)
		v.gone(t, v.hv, vm)
		v.restore(t, vm)
		v.runs(t, v.hv, vm)
	}
}

func testSaveTwice(t *testing.T, v *vmmTrial) {
	vm := v.deployed(t)
	v.save(t, vm)
	v.save(t, vm)
	v.restore(t, vm)
	v.runs(t, v.hv, vm)
}

// A checkpoint is used once: after the guest has gone on, restoring it again would corrupt its
// disks.
func testRestoreTwice(t *testing.T, v *vmmTrial) {
	vm := v.deployed(t)
	v.save(t, vm)
	v.restore(t, vm)
	v.restore(t, vm)
	v.runs(t, v.hv, vm)
	v.ok(t, "Destroy", func(ctx context.Context) error { return v.hv.Destroy(ctx, vm) })
	v.refused(t, "Restore of used memory", func(ctx context.Context) error {
		_, err := v.hv.Restore(ctx, vm, checkpointOf(vm))
		return err
	})
}
