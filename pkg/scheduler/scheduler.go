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

// Scheduler places the VMs of a store.
type Scheduler struct {
	Store  *store.Store
	VMs    vm.Settings
	Policy placement.Policy
	Log    zerolog.Logger
}

// chunk is how many decisions share a transaction: others get their turn
// between two of them.
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

// longRound is how long a round may take without a rest after it.
const longRound = 20 * time.Millisecond

// rest leaves the processor to others for as long as a long round took: with
// thousands of VMs that fit nowhere, every change of a host would begin one more.
func rest(ctx context.Context, took time.Duration) {
	if took >= longRound {
		_ = pause.For(ctx, took) // whoever rests looks whether ctx has ended
	}
}

// round places what waits now.
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

// carryOut deploys what was placed and tells the others why they wait. What
// changed meanwhile is left for the next round, which that change began.
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

// give deploys a VM that waits, or moves one that is to leave its host.
func (s *Scheduler) give(tx *store.Tx, v *vm.VM, d placement.Decision) error {
	if v.State == one.VMPending {
		return vm.Deploy(tx, s.VMs, nil, v.ID, vm.Deployment{HostID: d.Host, DSID: d.Datastore, Enforce: true, Extra: connections(d.NICs)})
	}
	return vm.Migrate(tx, s.VMs, nil, v.ID, vm.Migration{HostID: d.Host, DSID: -1, Live: v.LCM == one.LCMRunning, Enforce: true})
}

// tell writes why a VM waits into the VM and the log, when that is news.
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

// stampLen is the length of the time at the front of a message.
const stampLen = len("Mon Jan _2 15:04:05 2006")

// waits tells whether a VM is to be placed.
func waits(v *vm.VM) bool {
	return v.State == one.VMPending || v.Resched == 1 && (v.LCM == one.LCMRunning || v.State == one.VMPoweroff)
}
