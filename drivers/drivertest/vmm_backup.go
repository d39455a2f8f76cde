package drivertest

import (
	"context"
	"path"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
)

// testBackup backs up disks of a running VM: a full backup, an increment, and both again, as
// after a crash.
func testBackup(t *testing.T, v *vmmTrial) {
	saver, ok := v.hv.(drivers.Backuper)
	if !ok {
		t.Skip("this driver saves no disks of running VMs")
	}
	vm := v.booted(t)
	dir := path.Join(vm.Dir, "backup")
	save := func(freeze string, at drivers.Checkpoints) {
		t.Helper()
		v.ok(t, "Backup", func(ctx context.Context) error { return saver.Backup(ctx, vm, []int{0}, at, freeze, dir) })
		v.runs(t, v.hv, vm)
	}
	save("NONE", drivers.Checkpoints{})
	first := drivers.Checkpoints{Keep: "backup-00000a"}
	second := drivers.Checkpoints{Since: first.Keep, Keep: "backup-00000b"}
	for _, at := range []drivers.Checkpoints{first, first, second, second} {
		save("SUSPEND", at)
	}
	if v.Saved != nil {
		v.Saved(t, path.Join(dir, "disk.0"))
	}
	if err := saver.Backup(v.ctx(t), vm, []int{77}, first, "NONE", dir); err == nil {
		t.Error("a disk that there is not was saved")
	}
	v.runs(t, v.hv, vm)
}

// testBackupCancelled cancels a backup: the guest goes on, and the next backup works.
func testBackupCancelled(t *testing.T, v *vmmTrial) {
	saver, ok := v.hv.(drivers.Backuper)
	if !ok {
		t.Skip("this driver saves no disks of running VMs")
	}
	vm := v.booted(t)
	dir := path.Join(vm.Dir, "backup")
	ctx, cancel := context.WithCancel(v.ctx(t))
	cancel()
	if err := saver.Backup(ctx, vm, []int{0}, drivers.Checkpoints{Keep: "backup-00000a"}, "NONE", dir); err == nil {
		t.Error("a backup was made that nobody waited for")
	}
	v.runs(t, v.hv, vm)
	ctx, cancel = context.WithCancel(v.ctx(t))
	given := make(chan struct{})
	go func() { // at some time during the backup
		defer close(given)
		cancel()
	}()
	_ = saver.Backup(ctx, vm, []int{0}, drivers.Checkpoints{Keep: "backup-00000a"}, "NONE", dir) // succeeds if it was faster than the cancellation
	<-given
	v.runs(t, v.hv, vm)
	v.ok(t, "Backup", func(ctx context.Context) error {
		return saver.Backup(ctx, vm, []int{0}, drivers.Checkpoints{Keep: "backup-00000a"}, "NONE", dir)
	})
}
