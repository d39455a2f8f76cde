package vm

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// TestSnapshotTree uses a disk with ALLOW_ORPHANS=NO and snapshots 0 ← 1 ← 2.
func TestSnapshotTree(t *testing.T) {
	t.Parallel()
	s := &image.Snapshots{AllowOrphans: orphansDeny, CurrentBase: -1}
	for range 3 {
		addSnapshot(s, "", 64, 5)
	}
	refuses := func(id int, persistent bool, want string) {
		t.Helper()
		got := ""
		if err := deletable(s, id, persistent); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("deleting snapshot %d: got %q; want %q", id, got, want)
		}
	}
	refuses(7, false, "Snapshot does not exist")
	refuses(0, true, "Cannot delete snapshot 0 for persistent disk images")
	refuses(0, false, "")
	refuses(1, false, "")
	refuses(2, false, "")
	activate(s, 1)
	refuses(0, false, "Cannot delete snapshot if child has children")
	refuses(1, false, "Cannot delete the active snapshot with children")
	activate(s, 2)
	dropSnapshot(s, 1)
	dropSnapshot(s, 2)
	want := &image.Snapshots{AllowOrphans: orphansDeny, CurrentBase: -1, Next: 3,
		List: []image.Snapshot{{ID: 0, Date: 5, Parent: -1, Children: []int{}, Active: true, SizeMB: 64}}}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("the tree (-want +got):\n%s", diff)
	}
}

// Size and snapshots of a persistent disk are copied to its image, and stay when the VM is
// deleted.
func TestPersistentDisksUpdateTheirImage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=1]")
	w.must(func(tx *store.Tx) error { return ResizeDisk(tx, w.s, alice, id, 0, "100") })
	w.run(id)
	w.must(func(tx *store.Tx) error {
		_, err := CreateDiskSnapshot(tx, w.s, alice, id, 0, "s")
		return err
	})
	w.run(id)
	w.audit()
	if err := w.act(alice, id, "terminate-hard"); err != nil {
		t.Fatal(err)
	}
	w.run(id)
	img, err := image.Kind.Get(w.store.Read(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if img.SizeMB != 100 || len(img.Snapshots.List) != 1 || img.Snapshots.List[0].Name != "s" {
		t.Errorf("the image has %d MB and snapshots %+v; want 100 and one named s", img.SizeMB, img.Snapshots.List)
	}
	w.audit()
}
