package vmrun

import (
	"context"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Runner implements engine.Runner for VMs.
type Runner struct {
	Store      *store.Store
	Drivers    Drivers
	VMs        vm.Settings
	Datastores datastore.Settings
	Context    ContextDirs
	Shutdown   time.Duration // how long a guest may take to power off after an ACPI shutdown
	Log        zerolog.Logger
}

var _ engine.Runner = (*Runner)(nil)

// ContextDirs are folders of the front end whose files guests must not get by
// CONTEXT/FILES, and those within them whose files they may get.
type ContextDirs struct {
	Restricted, Safe []string
}

// Drivers are all drivers, by their names in hosts, datastores and networks.
type Drivers struct {
	VMM map[string]drivers.VMM
	TM  map[string]drivers.Transfer
	Net map[string]drivers.Network
	DS  map[string]drivers.ImageStore
	// IsLocal tells whether a host is this machine.
	IsLocal func(hostName string) bool
}

// Run implements engine.Runner.
func (r *Runner) Run(ctx context.Context, e *effect.Effect, _ func(engine.Progress)) (engine.Outcome, error) {
	op, ok := lifecycle.ParseEffect(e.Op)
	if !ok {
		return nil, fmt.Errorf("VM %d: effect %q is unknown to this renkei", e.Object, e.Op)
	}
	do, ok := ops[op]
	if !ok {
		return nil, fmt.Errorf("VM %d: no driver does %s yet", e.Object, e.Op)
	}
	j, err := r.job(e)
	if err != nil {
		return nil, err
	}
	return do(ctx, j)
}

// Settle implements engine.Runner.
func (r *Runner) Settle(tx *store.Tx, e *effect.Effect, out engine.Outcome, err error) error {
	return vm.Settle(tx, r.VMs, e, out, err)
}
