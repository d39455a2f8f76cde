package schedrun

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// oneadmin is who scheduled actions are done by: the right to schedule them was
// asked for when they were scheduled.
var oneadmin = one.Oneadmin()

// round does what is due, one action of each VM, the earliest first: what a VM
// is to do next waits until that is done, as in oned. It tells whether something
// is left that is due.
func (w *Worker) round(ctx context.Context, now time.Time) (left bool) {
	seen := map[string]bool{}
	failed := map[int]error{}
	due := append(schedule.Due(w.Store.Read(), one.KindVM, now), schedule.Due(w.Store.Read(), one.KindBackupJob, now)...)
	for _, a := range due {
		parent := fmt.Sprint(a.Kind, a.Parent)
		if seen[parent] {
			left = true
			continue
		}
		seen[parent] = true
		if err := w.one(ctx, a, now); err != nil {
			failed[a.ID] = err
		}
	}
	w.tell(ctx, failed)
	return left || len(failed) > 0
}

// one does an action in a transaction of its own, so that a refusal takes all
// of it back.
func (w *Worker) one(ctx context.Context, a *schedule.Action, now time.Time) error {
	err := w.Store.Update(ctx, func(tx *store.Tx) error {
		if still, ok := schedule.Table.Get(tx, store.ID(a.ID)); !ok || !still.Waits() || still.From().After(now) {
			return nil // it was changed or deleted meanwhile
		}
		if a.Kind == one.KindBackupJob {
			return startJob(tx, a.ID)
		}
		return vm.RunScheduled(tx, w.VMs, oneadmin, a.ID)
	})
	if err == nil {
		w.Log.Info().Int(a.Kind.String(), a.Parent).Int("schedule", a.ID).Str("action", a.Action).Msg("scheduled action done")
	}
	return err
}

// tell writes into the actions why they could not be done. What is not meant
// for users goes to the log alone.
func (w *Worker) tell(ctx context.Context, failed map[int]error) {
	if len(failed) == 0 || ctx.Err() != nil {
		return
	}
	err := w.Store.Update(ctx, func(tx *store.Tx) error {
		for id, why := range failed {
			vm.ScheduleFailed(tx, id, forUsers(why))
		}
		return nil
	})
	for id, why := range failed {
		w.Log.Warn().Err(why).Int("schedule", id).Msg("scheduled action not done")
	}
	if err != nil && ctx.Err() == nil {
		w.Log.Error().Err(err).Msg("noting what scheduled actions failed of")
	}
}

func forUsers(err error) error {
	var e *one.Error
	if errors.As(err, &e) {
		return e
	}
	return errors.New("internal error: see the server's log")
}
