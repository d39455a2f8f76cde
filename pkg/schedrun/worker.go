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
	Every time.Duration // between two tries of what is due and could not be done
	// Backups limits those that backup jobs begin (MAX_BACKUPS, MAX_BACKUPS_HOST).
	Backups backupjob.Limits
	Clock   func() time.Time
	Log     zerolog.Logger
}

// DefaultBackups is oned.conf as it is delivered.
var DefaultBackups = backupjob.Limits{All: 5, PerHost: 2}

// Every is how often oned looks (MANAGER_TIMER).
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

// freesJob tells whether a change lets a backup job go on: a VM of it waits, or
// a backup has ended.
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

// matters tells whether a commit could bring a time nearer.
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

// comesDue tells whether a commit schedules something for a time that is past.
func comesDue(c store.Commit, now time.Time) bool {
	for _, change := range c.Changes {
		if a, moved := movedTo(change); moved && a.Waits() && !a.From().After(now) {
			return true
		}
	}
	return false
}

// movedTo answers an action that is new, or has got another time.
func movedTo(change store.Change) (*schedule.Action, bool) {
	a, ok := change.New.(*schedule.Action)
	if !ok {
		return nil, false
	}
	old, _ := change.Old.(*schedule.Action)
	return a, old == nil || old.Time != a.Time
}

// longest is how long the worker sleeps at the most: the wall clock may be set.
const longest = time.Minute

// wait blocks until there may be something to do: what is left is tried again
// after a while, whatever else happens meanwhile.
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
		case <-news: // something may be due earlier now, or a backup may begin
			timer.Stop()
			w.jobs(ctx)
		}
	}
}
