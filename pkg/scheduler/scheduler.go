package scheduler

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/placement"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Scheduler places the pending VMs of a store.
type Scheduler struct {
	Store  *store.Store
	VMs    vm.Settings
	Policy placement.Policy
	Log    zerolog.Logger
}

// chunk is the number of decisions per transaction, so that other transactions do not wait
// long.
const chunk = 512

// Run places VMs until ctx ends.
func (s *Scheduler) Run(ctx context.Context) {
	wake := pause.NewBell()
	wake.Ring()
	defer s.Store.Watch(func(c store.Commit) {
		if matters(c) {
			wake.Ring()
		}
	})()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
			begin := time.Now()
			s.round(ctx)
			rest(ctx, time.Since(begin))
		}
	}
}

// longRound is how long a round may take without a pause after it.
const longRound = 20 * time.Millisecond

// rest pauses for as long as a long round took. Otherwise, with thousands of VMs that cannot be
// placed, the rounds caused by changes of hosts would use all CPU time.
func rest(ctx context.Context, took time.Duration) {
	if took >= longRound {
		_ = pause.For(ctx, took) // the caller checks whether ctx has ended
	}
}

// round places the waiting VMs.
func (s *Scheduler) round(ctx context.Context) {
	situation := look(s.Store.Read(), s.Policy)
	if len(situation.VMs) == 0 {
		return
	}
	decisions := placement.Decide(situation)
	for len(decisions) > 0 && ctx.Err() == nil {
		n := min(chunk, len(decisions))
		if err := s.carryOut(ctx, decisions[:n]); err != nil && ctx.Err() == nil {
			s.Log.Error().Err(err).Msg("placing VMs")
			return
		}
		decisions = decisions[n:]
	}
}

// carryOut deploys placed VMs, and writes into the others why they wait. What has changed
// meanwhile is left to the next round, which that change has requested.
func (s *Scheduler) carryOut(ctx context.Context, decisions []placement.Decision) error {
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		for _, d := range decisions {
			if err := s.one(tx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Scheduler) one(tx *store.Tx, d placement.Decision) error {
	v, ok := vm.Kind.Table.Get(tx, store.ID(d.VM))
	if !ok || !waits(v) {
		return nil
	}
	if d.Reason != "" {
		s.tell(tx, v, d.Reason)
		return nil
	}
	err := s.give(tx, v, d)
	var refused *one.Error
	if errors.As(err, &refused) {
		s.tell(tx, v, refused.Msg)
		return nil
	}
	return err
}

// give deploys a pending VM, or migrates one that is to be rescheduled.
func (s *Scheduler) give(tx *store.Tx, v *vm.VM, d placement.Decision) error {
	if v.State == one.VMPending {
		return vm.Deploy(tx, s.VMs, nil, v.ID, vm.Deployment{HostID: d.Host, DSID: d.Datastore, Enforce: true, Extra: connections(d.NICs)})
	}
	return vm.Migrate(tx, s.VMs, nil, v.ID, vm.Migration{HostID: d.Host, DSID: -1, Live: v.LCM == one.LCMRunning, Enforce: true})
}

// tell sets SCHED_MESSAGE, and logs it, if the reason is new.
func (s *Scheduler) tell(tx *store.Tx, v *vm.VM, reason string) {
	text := tx.Now.Format("Mon Jan _2 15:04:05 2006") + ": " + reason
	if old := v.User.Get(vm.MessageAttr); len(old) == len(text) && old[stampLen:] == text[stampLen:] {
		return
	}
	c, err := vm.Kind.Edit(tx, v.ID)
	if err != nil {
		return
	}
	c.User.Set(vm.MessageAttr, text)
	vm.Kind.Put(tx, c)
	s.Log.Info().Int("vm", v.ID).Str("why", reason).Msg("no host for VM")
}

// stampLen is the length of the time at the start of SCHED_MESSAGE.
const stampLen = len("Mon Jan _2 15:04:05 2006")

// waits reports whether a VM must be placed.
func waits(v *vm.VM) bool {
	return v.State == one.VMPending || v.Resched == 1 && (v.LCM == one.LCMRunning || v.State == one.VMPoweroff)
}
