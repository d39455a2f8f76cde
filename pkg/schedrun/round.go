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

// oneadmin carries out scheduled actions: rights were checked when they were scheduled.
var oneadmin = one.Oneadmin()

// round carries out the actions that are due, one per VM, the earliest first: as in oned, the
// next action of a VM waits until that is done. left reports whether any remain.
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

// one carries out an action in a transaction of its own, so that an error undoes all of it.
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

// tell writes error messages into the actions. Internal errors are only logged.
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
