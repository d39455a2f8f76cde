package schedrun

import (
	"context"
	"errors"

	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// startJob starts a backup job whose scheduled action is due.
func startJob(tx *store.Tx, actionID int) error {
	a, ok := schedule.Table.Edit(tx, store.ID(actionID))
	if !ok {
		return nil
	}
	if err := backupjob.Start(tx, a.Parent); err != nil {
		return err
	}
	a.Succeeded(tx.Now.Local())
	schedule.Table.Put(tx, store.ID(actionID), a)
	return nil
}

// jobs starts backups of waiting VMs of backup jobs, as many as the limits allow, each in a
// transaction of its own. A refusal is recorded in the job, and the next backup is tried.
func (w *Worker) jobs(ctx context.Context) {
	for ctx.Err() == nil {
		began := false
		err := w.Store.Update(ctx, func(tx *store.Tx) (err error) {
			began, err = backupjob.Next(tx, w.VMs, oneadmin, w.Backups)
			return err
		})
		var refused *one.Error
		switch {
		case errors.As(err, &refused):
			err = w.Store.Update(ctx, func(tx *store.Tx) error { return backupjob.Failed(tx, w.Backups, refused) })
			if err != nil {
				w.Log.Error().Err(err).Msg("noting what a backup job failed of")
				return
			}
		case err != nil && ctx.Err() == nil:
			w.Log.Error().Err(err).Msg("backup jobs")
			return
		case !began:
			return
		}
	}
}
