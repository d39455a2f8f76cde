package vmrun

import (
	"context"
	"fmt"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Groups implements engine.Runner for security groups: it applies the rules in a VM's template
// to its NICs on the host.
type Groups struct{ *Runner }

var _ engine.Runner = Groups{}

// Run implements engine.Runner. It does nothing for a VM that no longer runs on that host: the
// rules are applied when it boots.
func (g Groups) Run(ctx context.Context, e *effect.Effect, _ func(engine.Progress)) (engine.Outcome, error) {
	id, err := strconv.Atoi(e.Args[vm.ArgVM])
	if err != nil || e.Op != vm.OpRules {
		return nil, fmt.Errorf("security group %d: effect %q is unknown to this renkei", e.Object, e.Op)
	}
	if v, ok := vm.Kind.Table.Get(g.Store.Read(), store.ID(id)); !ok || !v.IsFiltered() || v.Last().HostID != e.Host {
		return nil, nil
	}
	j, err := g.job(&effect.Effect{Object: id})
	if err != nil {
		return nil, err
	}
	return nil, j.followGroup(ctx, e.Object)
}

// followGroup has the network drivers, and then the hypervisor, apply the rules of a security group.
func (j *job) followGroup(ctx context.Context, group int) error {
	if err := j.eachNIC(ctx, j.here, drivers.Network.Activate); err != nil {
		return err
	}
	if hv, ok := j.here.hv.(drivers.GroupFollower); ok {
		return hv.FollowGroup(ctx, j.here.vm, group)
	}
	return nil
}

// Settle implements engine.Runner.
func (g Groups) Settle(tx *store.Tx, e *effect.Effect, _ engine.Outcome, err error) error {
	return vm.RulesSettled(tx, e, err)
}
