package dummy

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/drivers/dummyaction"
)

var ds = drivers.Datastore{ID: 1, Path: "/var/lib/one/datastores/1"}

func TestContract(t *testing.T) {
	t.Parallel()
	drivertest.RunDatastore(t, func(*testing.T) drivertest.Datastore {
		return drivertest.Datastore{Driver: &Store{}, Store: ds, Image: drivers.ImageSpec{ID: 3, Path: "/x"}}
	})
}

func TestAnswersAreOneds(t *testing.T) {
	t.Parallel()
	got, err := (&Store{}).Import(t.Context(), ds, drivers.ImageSpec{ID: 3, Path: "/x"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := drivers.Stored{Source: "dummy_path", Format: "dummy_format", SizeMiB: 1024}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Import (-want +got):\n%s", diff)
	}
}

func TestFailsWhenTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := &Store{Actions: dummyaction.Actions{Dir: dir}}
	for action, call := range map[string]func() error{
		"stat":    func() error { _, err := s.Stat(t.Context(), ds, drivers.ImageSpec{}); return err },
		"cp":      func() error { _, err := s.Import(t.Context(), ds, drivers.ImageSpec{Path: "/x"}, nil); return err },
		"mkfs":    func() error { _, err := s.Import(t.Context(), ds, drivers.ImageSpec{}, nil); return err },
		"clone":   func() error { _, err := s.Clone(t.Context(), ds, drivers.Stored{}, drivers.ImageSpec{}); return err },
		"rm":      func() error { return s.Remove(t.Context(), ds, "x") },
		"monitor": func() error { _, err := s.Capacity(t.Context(), ds); return err },
	} {
		if err := call(); err != nil {
			t.Errorf("%s, not told anything: %v", action, err)
		}
		if err := os.WriteFile(filepath.Join(dir, "ds_"+action), []byte("failure"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := call(); !errors.Is(err, dummyaction.ErrTold) {
			t.Errorf("%s, told to fail: %v", action, err)
		}
	}
}
