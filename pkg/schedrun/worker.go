package schedrun

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Worker carries out scheduled actions.
type Worker struct {
	Store *store.Store
	VMs   vm.Settings
	Every time.Duration // interval between attempts of actions that have failed
	// Backups are the limits of backups of backup jobs (MAX_BACKUPS, MAX_BACKUPS_HOST).
	Backups backupjob.Limits
	Clock   func() time.Time
	Log     zerolog.Logger
}

// DefaultBackups are the defaults of oned.conf.
var DefaultBackups = backupjob.Limits{All: 5, PerHost: 2}

// Every is oned's interval (MANAGER_TIMER).
const Every = 15 * time.Second

// Run works until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	news, overdue := pause.NewBell(), pause.NewBell()
	defer w.Store.Watch(func(c store.Commit) {
		if matters(c) {
			news.Ring()
		}
		if comesDue(c, w.Clock()) {
			overdue.Ring()
		}
	})()
	for ctx.Err() == nil {
		tried := w.Clock()
		left := w.round(ctx, tried)
		w.jobs(ctx)
		if !w.wait(ctx, news, overdue, tried, left) {
			return
		}
	}
}

// freesJob reports whether after a change the next backup of a job may start: one of its VMs
// waits, or a backup has ended.
func freesJob(change store.Change) bool {
	switch v := change.New.(type) {
	case *vm.JobVM:
		return v.State != vm.JobBackingUp
	case *vm.VM:
		old, _ := change.Old.(*vm.VM)
		return old != nil && isBackup(old) && !isBackup(v)
	}
	return false
}

func isBackup(v *vm.VM) bool { return v.LCM == one.LCMBackup || v.LCM == one.LCMBackupPoweroff }

// matters reports whether after a commit something may be due earlier than before.
func matters(c store.Commit) bool {
	for _, change := range c.Changes {
		if freesJob(change) {
			return true
		}
		if _, moved := movedTo(change); moved {
			return true
		}
	}
	return false
}

// comesDue reports whether a commit schedules an action for a time in the past.
func comesDue(c store.Commit, now time.Time) bool {
	for _, change := range c.Changes {
		if a, moved := movedTo(change); moved && a.Waits() && !a.From().After(now) {
			return true
		}
	}
	return false
}

// movedTo returns an action that is new, or whose time has changed.
func movedTo(change store.Change) (*schedule.Action, bool) {
	a, ok := change.New.(*schedule.Action)
	if !ok {
		return nil, false
	}
	old, _ := change.Old.(*schedule.Action)
	return a, old == nil || old.Time != a.Time
}

// longest bounds the worker's sleep, because the system time may be changed meanwhile.
const longest = time.Minute

// wait blocks until something may have to be done. Failed actions (left) are tried again after
// Every.
func (w *Worker) wait(ctx context.Context, news, overdue <-chan struct{}, tried time.Time, left bool) bool {
	until := tried.Add(longest)
	if left {
		until = tried.Add(w.Every)
	}
	for {
		if next, some := schedule.Next(w.Store.Read(), tried); some && next.Before(until) {
			until = next
		}
		timer := time.NewTimer(until.Sub(w.Clock()))
		select {
		case <-ctx.Done():
			timer.Stop()
			return false
		case <-timer.C:
			return true
		case <-overdue:
			timer.Stop()
			return true
		case <-news: // an action may be due, or a backup may start
			timer.Stop()
			w.jobs(ctx)
		}
	}
}
