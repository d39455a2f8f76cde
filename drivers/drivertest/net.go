package drivertest

import (
	"context"
	"errors"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
)

// Network is a network driver under test, with what the tests need.
type Network struct {
	Driver drivers.Network
	Host   drivers.Host
	NIC    drivers.NIC // one that can be connected
	// Ready tells whether the host has what NIC needs; nil if the driver changes nothing on the
	// host.
	Ready func(t *testing.T) bool
}

// RunNetwork checks a driver against the contract of drivers.Network. setup is called for each
// test.
func RunNetwork(t *testing.T, setup func(t *testing.T) Network) {
	for name, test := range map[string]func(*testing.T, Network){
		"life":             netLife,
		"clean of nothing": netCleanNothing,
		"shared":           netShared,
		"cancelled":        netCancelled,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, setup(t))
		})
	}
}

type netCall func(context.Context, drivers.Host, drivers.VM, drivers.NIC) error

func (n Network) twice(t *testing.T, what string, call netCall, vm drivers.VM) {
	t.Helper()
	for _, round := range []string{"", ", repeated"} {
		if err := call(t.Context(), n.Host, vm, n.NIC); err != nil {
			t.Errorf("%s%s: %v", what, round, err)
		}
	}
}

func (n Network) ready(t *testing.T, when string, want bool) {
	t.Helper()
	if n.Ready != nil && n.Ready(t) != want {
		t.Errorf("%s: the host is ready = %v, want %v", when, !want, want)
	}
}

func netLife(t *testing.T, n Network) {
	vm := drivers.VM{ID: 7}
	n.twice(t, "Setup", n.Driver.Setup, vm)
	n.ready(t, "after Setup", true)
	n.twice(t, "Activate", n.Driver.Activate, vm)
	n.twice(t, "Clean", n.Driver.Clean, vm)
	n.ready(t, "after Clean", false)
	n.twice(t, "Setup after Clean", n.Driver.Setup, vm)
	n.ready(t, "after the second Setup", true)
}

func netCleanNothing(t *testing.T, n Network) {
	n.twice(t, "Clean of nothing", n.Driver.Clean, drivers.VM{ID: 7})
	n.ready(t, "after Clean", false)
}

func netShared(t *testing.T, n Network) {
	one, two := drivers.VM{ID: 7}, drivers.VM{ID: 8}
	n.twice(t, "Setup of one", n.Driver.Setup, one)
	n.twice(t, "Setup of two", n.Driver.Setup, two)
	n.twice(t, "Clean of one", n.Driver.Clean, one)
	n.ready(t, "while two is on it", true)
	n.twice(t, "Clean of two", n.Driver.Clean, two)
	n.ready(t, "with nobody on it", false)
}

func netCancelled(t *testing.T, n Network) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errCallOff)
	for what, call := range map[string]netCall{"Setup": n.Driver.Setup, "Clean": n.Driver.Clean} {
		err := call(ctx, n.Host, drivers.VM{ID: 7}, n.NIC)
		if !errors.Is(err, context.Canceled) && !errors.Is(err, errCallOff) {
			t.Errorf("%s, called off: %v", what, err)
		}
	}
	n.twice(t, "Setup after all", n.Driver.Setup, drivers.VM{ID: 7})
	n.ready(t, "after all", true)
}
