package dummy

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/drivers/dummyaction"
)

func TestContract(t *testing.T) {
	t.Parallel()
	drivertest.RunNetwork(t, func(*testing.T) drivertest.Network { return drivertest.Network{Driver: &Network{}} })
}

func TestFailsWhenTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := &Network{Actions: dummyaction.Actions{Dir: dir}}
	for action, call := range map[string]func() error{
		"update_nic": func() error { return n.Rewire(t.Context(), drivers.Host{}, drivers.NIC{}, nil) },
		"pre":        func() error { return n.Setup(t.Context(), drivers.Host{}, drivers.VM{}, drivers.NIC{}) },
		"post":       func() error { return n.Activate(t.Context(), drivers.Host{}, drivers.VM{}, drivers.NIC{}) },
		"clean":      func() error { return n.Clean(t.Context(), drivers.Host{}, drivers.VM{}, drivers.NIC{}) },
	} {
		if err := call(); err != nil {
			t.Errorf("%s, not told anything: %v", action, err)
		}
		if err := os.WriteFile(filepath.Join(dir, "net_"+action), []byte("failure"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := call(); !errors.Is(err, dummyaction.ErrTold) {
			t.Errorf("%s, told to fail: %v", action, err)
		}
	}
}
