package dummy

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/drivers/dummyaction"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

const root = "/var/lib/one/datastores"

func setup(tm *Transfer) drivertest.TM {
	return drivertest.TM{
		Driver: tm, Host: drivers.Host{Name: "vh1"}, Other: drivers.Host{Name: "vh2"}, Root: root,
		NewImage: func(*testing.T) (string, attr.Attr) { return root + "/1/dummy_path", attr.NewVector("DISK") },
	}
}

func TestContractWithMarks(t *testing.T) {
	t.Parallel()
	drivertest.RunTM(t, func(t *testing.T) drivertest.TM {
		tm := &Transfer{Marks: t.TempDir()}
		s := setup(tm)
		s.Blind = true
		s.Exists = func(t *testing.T, h drivers.Host, path string) bool {
			if path == root+"/1/dummy_path" {
				return true // this driver does not store images
			}
			mark, err := tm.mark(h, path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = os.Stat(mark)
			return err == nil
		}
		return s
	})
}

func TestContractWithoutMarks(t *testing.T) {
	t.Parallel()
	drivertest.RunTM(t, func(*testing.T) drivertest.TM { return setup(&Transfer{}) })
}

// TestDisksFollowTheirVM in a live migration.
func TestDisksFollowTheirVM(t *testing.T) {
	t.Parallel()
	tm, d := &Transfer{Marks: t.TempDir()}, drivers.Disk{Path: root + "/0/7/disk.0"}
	from, to := drivers.Host{Name: "vh1"}, drivers.Host{Name: "vh2"}
	if err := tm.Link(t.Context(), from, d); err != nil {
		t.Fatal(err)
	}
	if err := tm.PostMigrate(t.Context(), from, to, filepath.Dir(d.Path)); err != nil {
		t.Fatal(err)
	}
	if err := tm.Return(t.Context(), to, d); err != nil {
		t.Errorf("the disk is not where its VM is: %v", err)
	}
	if err := tm.Return(t.Context(), from, d); err == nil {
		t.Error("the disk is where its VM was, too")
	}
}

func TestFailsWhenTold(t *testing.T) {
	t.Parallel()
	dir, h := t.TempDir(), drivers.Host{Name: "vh1"}
	tm, d := &Transfer{Actions: dummyaction.Actions{Dir: dir}}, drivers.Disk{Path: root + "/0/7/disk.0"}
	swap := drivers.Disk{Path: root + "/0/7/disk.1", Attrs: attr.NewVector("DISK", attr.Pair{Key: "TYPE", Value: "swap"})}
	for action, call := range map[string]func() error{
		"clone":       func() error { return tm.Clone(t.Context(), h, d) },
		"ln":          func() error { return tm.Link(t.Context(), h, d) },
		"mkimage":     func() error { return tm.Create(t.Context(), h, d) },
		"mkswap":      func() error { return tm.Create(t.Context(), h, swap) },
		"context":     func() error { return tm.Context(t.Context(), h, d, nil) },
		"postmigrate": func() error { return tm.PostMigrate(t.Context(), h, h, root+"/0/7") },
		"mvds":        func() error { return tm.Return(t.Context(), h, d) },
		"cpds":        func() error { return tm.SaveAs(t.Context(), h, d, root+"/1/x") },
		"resize":      func() error { return tm.Resize(t.Context(), h, d, 1) },
		"delete":      func() error { return tm.Delete(t.Context(), h, d.Path) },
		"mv": func() error {
			return tm.Move(t.Context(), drivers.Folder{Host: h, Dir: root + "/0/7"}, drivers.Folder{Host: h, Dir: root + "/0/7"})
		},
		"snap_create": func() error { return tm.CreateDiskSnapshot(t.Context(), h, d, 0) },
		"snap_revert": func() error { return tm.RevertDiskSnapshot(t.Context(), h, d, 0) },
		"snap_delete": func() error { return tm.DeleteDiskSnapshot(t.Context(), h, d, 0) },
	} {
		if err := call(); err != nil {
			t.Errorf("%s, not told anything: %v", action, err)
		}
		if err := os.WriteFile(filepath.Join(dir, "tm_"+action), []byte("failure"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := call(); !errors.Is(err, dummyaction.ErrTold) {
			t.Errorf("%s, told to fail: %v", action, err)
		}
	}
}

// TestMoveOfNothingCanFail: tm_mv is asked for a VM without files, too.
func TestMoveOfNothingCanFail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tm := &Transfer{Actions: dummyaction.Actions{Dir: dir}, Marks: t.TempDir()}
	from, to := drivers.Folder{Host: drivers.Host{Name: "vh1"}, Dir: root + "/0/7"}, drivers.Folder{Host: drivers.Host{Local: true}, Dir: root + "/0/7"}
	if err := tm.MoveEmpty(t.Context(), from, to); err != nil {
		t.Errorf("not told anything: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tm_mv"), []byte("failure"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tm.MoveEmpty(t.Context(), from, to); !errors.Is(err, dummyaction.ErrTold) {
		t.Errorf("told to fail: %v", err)
	}
}
