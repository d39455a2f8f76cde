package scheduler

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/placement"
	"github.com/renkei-vpe/renkei/pkg/plan"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Planner makes plans for clusters and applies them (OneDRS).
type Planner struct {
	Store   *store.Store
	VMs     vm.Settings
	Limits  plan.Limits
	Timeout time.Duration // timeout of a migration
	Every   time.Duration // interval between automatic plans of a cluster; 0 for none
	Clock   func() time.Time
	Log     zerolog.Logger
}

// Run works until ctx ends.
func (p *Planner) Run(ctx context.Context) {
	wake := pause.NewBell()
	defer p.Store.Watch(func(c store.Commit) {
		if concernsPlans(c) {
			wake.Ring()
		}
	})()
	next := p.Clock().Add(p.Every)
	for ctx.Err() == nil {
		if p.Every > 0 && !p.Clock().Before(next) {
			next = p.Clock().Add(p.Every)
			p.askAll(ctx)
		}
		p.round(ctx)
		timer := time.NewTimer(p.until(next))
		select {
		case <-ctx.Done():
		case <-wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// longest bounds the planner's sleep, because the system time may be changed meanwhile.
const longest = time.Minute

// until is the time until something has to be done, if no commit comes before.
func (p *Planner) until(next time.Time) time.Duration {
	now := p.Clock()
	wait := longest
	if p.Every > 0 {
		wait = min(wait, next.Sub(now))
	}
	for row := range plan.Table.All(p.Store.Read()) {
		for _, a := range row.Val.Actions {
			if row.Val.State == plan.Applying && a.State == plan.Applying {
				late := time.Unix(a.Time, 0).Add(p.Timeout + time.Second)
				wait = min(wait, late.Sub(now))
			}
		}
	}
	return max(wait, time.Second)
}

// concernsPlans reports whether a commit needs the planner: a plan was requested or applied, or
// a VM of a plan has changed its state.
func concernsPlans(c store.Commit) bool {
	for _, change := range c.Changes {
		switch v := change.New.(type) {
		case *plan.Plan:
			old, _ := change.Old.(*plan.Plan)
			if old == nil || v.Asked && !old.Asked || v.State != old.State {
				return true
			}
		case *vm.VM:
			if old, _ := change.Old.(*vm.VM); old != nil && old.Status() != v.Status() && planned(v) {
				return true
			}
		case nil:
			if old, _ := change.Old.(*vm.VM); old != nil && planned(old) {
				return true
			}
		}
	}
	return false
}

// planned reports whether a plan has migrated the VM to its current, or its previous, host.
func planned(v *vm.VM) bool {
	for i := max(0, len(v.History)-2); i < len(v.History); i++ {
		if v.History[i].PlanID >= 0 {
			return true
		}
	}
	return false
}

// askAll requests plans for the clusters with automatic plans.
func (p *Planner) askAll(ctx context.Context) {
	p.update(ctx, "asking for plans", func(tx *store.Tx) error {
		for row := range cluster.Kind.Table.All(tx) {
			if id := row.Val.ID; row.Val.DRS().Automation != cluster.Manual && plan.Of(tx, id).State != plan.Applying {
				if err := plan.Ask(tx, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// round makes the requested plans, and goes on with those that are being applied.
func (p *Planner) round(ctx context.Context) {
	snap := p.Store.Read()
	for row := range plan.Table.All(snap) {
		pl := row.Val
		if pl.Asked {
			p.make(ctx, snap, pl.ClusterID)
		}
	}
	for row := range plan.Table.All(p.Store.Read()) {
		if pl := row.Val; pl.State == plan.Applying || pl.State == plan.TimedOut {
			p.carryOn(ctx, pl.ClusterID)
		}
	}
}

// make makes the plan of a cluster.
func (p *Planner) make(ctx context.Context, r store.Reader, id int) {
	c, ok := cluster.Kind.Table.Get(r, store.ID(id))
	if !ok {
		return
	}
	l := layout(r, c)
	moves := placement.Optimize(l)
	actions := make([]plan.Action, len(moves))
	for i, m := range moves {
		actions[i] = plan.Action{ID: i, VMID: m.VM, HostID: m.Host, DSID: m.Datastore}
	}
	p.update(ctx, "keeping a plan", func(tx *store.Tx) error {
		plan.Answered(tx, id, actions, c.DRS().Automation == cluster.Full)
		if why := hopeless(l); why != "" {
			cluster.SetMessage(tx, id, why)
		}
		return nil
	})
	p.Log.Info().Int("cluster", id).Int("moves", len(moves)).Msg("cluster optimized")
}

// hopeless is the reason why a cluster cannot be optimized, or "".
func hopeless(l placement.Layout) string {
	switch {
	case len(l.Stays) == 0:
		return ""
	case closedHosts(l):
		return "Optimize: No hosts enabled in cluster"
	case len(l.Datastores) == 0:
		return "Optimize: No system datastores found in cluster"
	}
	return ""
}

// carryOn updates the states of a plan's actions, and starts as many as the limits allow.
func (p *Planner) carryOn(ctx context.Context, id int) {
	for ctx.Err() == nil {
		p.update(ctx, "settling a plan", func(tx *store.Tx) error {
			plan.Settle(tx, id, p.Timeout)
			return nil
		})
		next, some := plan.Of(p.Store.Read(), id).Next(p.Limits)
		if !some || !p.begin(ctx, id, next) {
			return
		}
	}
}

// begin starts an action. A refusal is recorded as the action's error.
func (p *Planner) begin(ctx context.Context, id int, a plan.Action) bool {
	err := p.Store.Update(ctx, func(tx *store.Tx) error { return plan.Begin(tx, p.VMs, id, a.ID) })
	var refused *one.Error
	switch {
	case errors.As(err, &refused):
		p.Log.Warn().Err(err).Int("cluster", id).Int("vm", a.VMID).Msg("move of a plan refused")
		return p.update(ctx, "noting a refused move", func(tx *store.Tx) error {
			plan.Refused(tx, id, a.ID, refused)
			return nil
		})
	case err != nil:
		p.Log.Error().Err(err).Int("cluster", id).Int("vm", a.VMID).Msg("beginning a move of a plan")
		return false
	}
	return true
}

func (p *Planner) update(ctx context.Context, what string, do func(tx *store.Tx) error) bool {
	err := p.Store.Update(ctx, do)
	if err != nil && ctx.Err() == nil {
		p.Log.Error().Err(err).Msg(what)
	}
	return err == nil
}
