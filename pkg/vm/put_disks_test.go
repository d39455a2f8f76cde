package vm

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// A persistent image may be inconsistent if the VM was running when it was deleted. It gets into
// ERROR then.
func TestDeletingARunningVMSetsItsImagesToError(t *testing.T) {
	t.Parallel()
	const mine = "CPU=1\nMEMORY=64\nDISK=[IMAGE=data]"
	for off, want := range map[bool]one.ImageState{false: one.ImageError, true: one.ImageReady} {
		w := newWorld(t)
		id := w.running(mine)
		imageID, _ := w.vm(id).Disk(0).Int("IMAGE_ID")
		if off {
			w.must(func(tx *store.Tx) error { return Act(tx, w.s, alice, id, "poweroff-hard") })
			w.run(id)
		}
		w.must(func(tx *store.Tx) error { return Recover(tx, w.s, oneadmin, id, lifecycle.RecoverDelete) })
		w.run(id)
		img, err := image.Kind.Get(w.store.Read(), imageID)
		if err != nil {
			t.Fatal(err)
		}
		if !img.Persistent || img.State != want {
			t.Errorf("off: %v: the image is %v; want %v", off, img.State, want)
		}
	}
}

// RUNNING_VMS counts VMs, not disks.
func TestRunningVMsOfAnImageCountsVMs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]\nDISK=[IMAGE_ID=0]")
	expect := func(when string, want int) {
		t.Helper()
		img, err := image.Kind.Get(w.store.Read(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if img.RunningVMs != want || (img.State == one.ImageUsed) != (want > 0) {
			t.Errorf("%s: used by %d VMs, %s; want %d", when, img.RunningVMs, img.State, want)
		}
	}
	expect("with two disks", 1)
	w.must(func(tx *store.Tx) error { return AttachDisk(tx, w.s, oneadmin, id, template("DISK=[IMAGE_ID=0]")) })
	w.run(id)
	expect("with three", 1)
	for _, disk := range []int{0, 1} {
		w.must(func(tx *store.Tx) error { return DetachDisk(tx, w.s, oneadmin, id, disk) })
		w.run(id)
	}
	expect("with one of them left", 1)
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, oneadmin, id, "terminate-hard") })
	w.run(id)
	expect("after the VM has ended", 0)
	w.audit()
}
