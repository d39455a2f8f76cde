package imagerun_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// snapshotted is an image with the snapshots 0 to 2, as a VM has left it.
func snapshotted(t *testing.T, r *rig) *image.Image {
	t.Helper()
	img := r.ready(r.allocate(fsStore, "NAME=d\nTYPE=DATABLOCK\nSIZE=4\nFORMAT=qcow2\nPERSISTENT=YES"))
	qemuImg(t, "snapshot", "-c", "snap-0", img.Source)
	qemuImg(t, "snapshot", "-c", "snap-1", img.Source)
	qemuImg(t, "snapshot", "-c", "snap-2", img.Source)
	r.do(func(tx *store.Tx) error {
		v, err := image.Kind.Edit(tx, img.ID)
		if err != nil {
			return err
		}
		v.Snapshots = image.Snapshots{DiskID: -1, AllowOrphans: "YES", CurrentBase: -1, Next: 3, List: []image.Snapshot{
			{ID: 0, Parent: -1, SizeMB: 4}, {ID: 1, Parent: -1, SizeMB: 4}, {ID: 2, Parent: -1, SizeMB: 4, Active: true},
		}}
		image.Kind.Put(tx, v)
		return nil
	})
	return img
}

func qemuImg(t *testing.T, args ...string) string {
	t.Helper()
	tool, err := exec.LookPath("qemu-img")
	if err != nil {
		t.Skipf("snapshots of real files are not tried: %v", err)
	}
	out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("qemu-img %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestSnapshotsInTheFileFollowThoseOfTheImage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.start()
	img := snapshotted(t, r)
	for _, c := range []struct {
		what string
		do   func(tx *store.Tx, id, snapshot int) error
		on   int
		left []int
	}{
		{"revert", image.RevertSnapshot, 1, []int{0, 1, 2}},
		{"delete", image.DeleteSnapshot, 0, []int{1, 2}},
		{"flatten", image.FlattenSnapshot, 2, nil},
	} {
		r.do(func(tx *store.Tx) error { return c.do(tx, img.ID, c.on) })
		after := r.ready(img.ID)
		if why := after.Template.Get("ERROR"); why != "" {
			t.Fatalf("%s: %s", c.what, why)
		}
		var have []int
		for _, s := range after.Snapshots.List {
			have = append(have, s.ID)
		}
		file := qemuImg(t, "snapshot", "-l", img.Source)
		if n := strings.Count(file, "snap-"); n != len(c.left) || len(have) != len(c.left) {
			t.Errorf("%s: the image has %v, its file %d; want %v\n%s", c.what, have, n, c.left, file)
		}
	}
}

func TestASnapshotThatCannotBeChangedLeavesTheImageReady(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.start()
	img := snapshotted(t, r)
	qemuImg(t, "snapshot", "-d", "snap-1", img.Source)
	r.do(func(tx *store.Tx) error { return image.RevertSnapshot(tx, img.ID, 1) })
	after := r.ready(img.ID)
	if after.State != one.ImageReady || after.Template.Get("ERROR") == "" || len(after.Snapshots.List) != 3 {
		t.Errorf("got %v, ERROR %q, %d snapshots", after.State, after.Template.Get("ERROR"), len(after.Snapshots.List))
	}
}
