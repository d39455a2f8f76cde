package libvirt_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
)

// TestIncrementsAcrossBoots: an increment has exactly what was written since the last backup,
// even if the VM was off in between and libvirt has forgotten the checkpoint.
func TestIncrementsAcrossBoots(t *testing.T) {
	vm := realVM(t, realGuests(t), firstRealID+500)
	disk, dir := domxml.DiskPath(vm, 1), filepath.Join(vm.Dir, "backup")
	command(t, "qemu-img", "create", "-q", "-f", "qcow2", disk, "64M")
	command(t, "chmod", "0666", disk)
	command(t, "mkdir", "-m", "0777", dir)
	vm.Template.Add(realDisk(1))
	d := newRealDriver(t)
	hv := d.On(testHost)
	t.Cleanup(func() { d.Close() })
	saver := hv.(drivers.Backuper)
	ctx := t.Context()

	step := func(at drivers.Checkpoints) {
		t.Helper()
		if _, err := hv.Deploy(ctx, vm); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := hv.Destroy(ctx, vm); err != nil {
				t.Error(err)
			}
		}()
		if err := saver.Backup(ctx, vm, []int{1}, at, "NONE", dir); err != nil {
			t.Fatal(err)
		}
	}
	write := func(mib, pattern int) {
		t.Helper()
		command(t, "qemu-io", "-f", "qcow2", "-c", fmt.Sprintf("write -P %d %dM 64k", pattern, mib), disk)
	}
	holds := func(mib, pattern int) {
		t.Helper()
		cmd := fmt.Sprintf("read -P %d %dM 64k", pattern, mib)
		out, err := exec.Command("qemu-io", "-r", "-f", "qcow2", "-c", cmd, filepath.Join(dir, "disk.1")).CombinedOutput()
		if err != nil || strings.Contains(string(out), "verification failed") {
			t.Errorf("at %d MiB: %v: %s", mib, err, out)
		}
	}
	write(5, 17)
	step(drivers.Checkpoints{Keep: "backup-00000a"})
	holds(5, 17)
	write(9, 42)
	step(drivers.Checkpoints{Since: "backup-00000a", Keep: "backup-00000b"})
	holds(9, 42)
	holds(5, 0) // written before, and so not in the increment
	write(11, 23)
	step(drivers.Checkpoints{Since: "backup-00000b", Keep: "backup-00000c"})
	holds(11, 23)
	holds(9, 0)
	info, err := exec.Command("qemu-img", "info", disk).CombinedOutput()
	if text := string(info); err != nil || strings.Contains(text, "backup-00000a") || !strings.Contains(text, "backup-00000b") || !strings.Contains(text, "backup-00000c") {
		t.Errorf("the disk is to keep the last two checkpoints: %v\n%s", err, text)
	}

	if _, err := hv.Deploy(ctx, vm); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = hv.Destroy(ctx, vm) }()
	err = saver.Backup(ctx, vm, []int{1}, drivers.Checkpoints{Since: "backup-0000ff", Keep: "backup-00000d"}, "NONE", dir)
	if err == nil || !strings.Contains(err.Error(), "begin a new chain") {
		t.Errorf("an increment of an unknown moment: %v", err)
	}
}
