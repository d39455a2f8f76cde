package vm

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Attributes that show a change in progress are removed when it has ended.
func TestAttributesDuringAChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]")
	disk := func(key string) func() string { return func() string { return w.vm(id).Disk(0).Get(key) } }
	capacity := func() string {
		if r := w.vm(id).Template.Vector("RESIZE"); r != nil {
			return r.Get("MEMORY")
		}
		return ""
	}
	for _, c := range []struct {
		name string
		do   func(tx *store.Tx) error
		mark func() string
		want string
	}{
		{"resize", func(tx *store.Tx) error { return Resize(tx, w.s, oneadmin, id, template("MEMORY=128"), true) }, capacity, "64"},
		{"disk resize", func(tx *store.Tx) error { return ResizeDisk(tx, w.s, oneadmin, id, 0, "20000") }, disk("RESIZE"), "YES"},
		{"saveas", func(tx *store.Tx) error {
			_, err := SaveAs(tx, w.s, oneadmin, id, 0, "copy", "", -1)
			return err
		}, disk("HOTPLUG_SAVE_AS_ACTIVE"), "YES"},
		{"poweroff", func(tx *store.Tx) error { return Act(tx, w.s, oneadmin, id, "poweroff-hard") }, capacity, ""},
		{"disk snapshot", func(tx *store.Tx) error {
			_, err := CreateDiskSnapshot(tx, w.s, oneadmin, id, 0, "one")
			return err
		}, disk("DISK_SNAPSHOT_ID"), "0"},
		{"disk snapshot, back", func(tx *store.Tx) error { return RevertDiskSnapshot(tx, w.s, oneadmin, id, 0, 0) }, disk("DISK_SNAPSHOT_ACTIVE"), "YES"},
	} {
		w.must(c.do)
		if got := c.mark(); got != c.want {
			t.Errorf("during %s: %q; want %q", c.name, got, c.want)
		}
		w.run(id)
		if got := c.mark(); got != "" {
			t.Errorf("after %s: %q is left", c.name, got)
		}
	}
}

// Reverting a resized disk to a snapshot restores its size.
func TestRevertRestoresTheSizeOfADisk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=1]")
	was := w.vm(id).Disk(0).Get("SIZE")
	for _, do := range []func(tx *store.Tx) error{
		func(tx *store.Tx) error { return Act(tx, w.s, oneadmin, id, "poweroff-hard") },
		func(tx *store.Tx) error {
			_, err := CreateDiskSnapshot(tx, w.s, oneadmin, id, 0, "small")
			return err
		},
		func(tx *store.Tx) error { return ResizeDisk(tx, w.s, oneadmin, id, 0, "20000") },
		func(tx *store.Tx) error { return RevertDiskSnapshot(tx, w.s, oneadmin, id, 0, 0) },
	} {
		w.must(do)
		w.run(id)
	}
	if got := w.vm(id).Disk(0).Get("SIZE"); got != was {
		t.Errorf("SIZE is %s after the revert; want %s", got, was)
	}
	img, err := image.Kind.Get(w.store.Read(), 1)
	if err != nil || decimal(int(img.SizeMB)) != was {
		t.Errorf("its persistent image: %v, %v; want %s", img, err, was)
	}
	w.audit()
}
