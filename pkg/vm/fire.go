package vm

import (
	"errors"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Cause describes why an event is fired, and has the parameters of the step.
type Cause struct {
	By   *one.Caller       // nil for outcomes of effects and for observations
	To   *Place            // the host to deploy or migrate to
	Args effect.Args       // parameters of the effect that starts; kept in VM.Doing
	As   one.HistoryAction // ACTION of the history record, if it differs from the event's
	Plan *Planned          // the plan that the event belongs to, or nil

	was one.HistoryAction // ACTION of the record before the event
}

// Place is a host and a system datastore for a VM.
type Place struct {
	HostID, DSID int
}

// Fire moves v to its next status. It changes the status, does the bookkeeping and queues the
// effect in one transaction. v is a copy from Kind.Edit, which Fire stores. A VM's status changes
// nowhere else.
func Fire(tx *store.Tx, s Settings, v *VM, ev lifecycle.Event, why Cause) error {
	from := v.Status()
	step, err := lifecycle.Next(from, ev)
	if err != nil {
		return refusal(v.ID, err)
	}
	vnet, follows := v.following()
	why.was = lastAction(v)
	noteAction(v, from, ev, step, why)
	before := hostsOf(v)
	v.State, v.LCM, v.Detail = step.To.State, step.To.LCM, step.To.Detail
	if step.To != from {
		v.Changed = tx.Now.Unix()
	}
	if err := mark(tx, s, v, from, step, why); err != nil {
		return err
	}
	noteBegin(v, from, ev, why)
	renewContext(tx, v, step.Do)
	queueEffect(tx, v, step.Do, why.Args)
	recordAccounts(tx, v, from, ev, step.Marks)
	if step.To != from {
		markChanging(v, step.To.Change())
	}
	if err := put(tx, v, limits(quotaChecked[ev])); err != nil {
		return err
	}
	touch(tx, before, hostsOf(v))
	if step.Marks.Has(lifecycle.CheckImages) {
		return checkImages(tx, s, v.Clone())
	}
	if _, still := v.following(); follows && !still {
		return endFollow(tx, s, v.ID, vnet, step.Marks.Has(lifecycle.CommitChange))
	}
	return nil
}

// quotaChecked are the events that quotas may refuse. All other events have already happened, and are
// counted even if they exceed a quota.
var quotaChecked = map[lifecycle.Event]bool{
	lifecycle.Submit: true, lifecycle.SubmitOnHold: true, lifecycle.SubmitCloning: true,
	lifecycle.Resume: true, lifecycle.Deploy: true,
	lifecycle.Migrate: true, lifecycle.MigratePoweroff: true, lifecycle.MigratePoweroffHard: true, lifecycle.LiveMigrate: true,
	lifecycle.AttachDisk: true, lifecycle.AttachNIC: true, lifecycle.AttachNICCold: true,
	lifecycle.ResizeCapacity: true, lifecycle.ResizeDisk: true,
	lifecycle.SnapshotCreate: true, lifecycle.DiskSnapshotCreate: true, lifecycle.Backup: true,
}

// refusal is oned's error for a refused event.
func refusal(id int, err error) error {
	var r *lifecycle.Refused
	if errors.As(err, &r) {
		return one.Errorf(one.CodeAction, "%s", r.Text(id))
	}
	return err
}

func lastAction(v *VM) one.HistoryAction {
	if rec := v.Last(); rec != nil {
		return rec.Action
	}
	return one.ActionNone
}

// queueEffect queues the effect of a step, replacing the current one.
func queueEffect(tx *store.Tx, v *VM, do lifecycle.Effect, args effect.Args) {
	switch do {
	case lifecycle.DoKeep:
		return
	case lifecycle.DoAgain:
		restartEffect(tx, v)
		return
	}
	effect.Cancel(tx, one.KindVM, v.ID)
	v.Doing = nil
	if do == lifecycle.DoNone {
		return
	}
	v.Doing = args
	effect.Put(tx, effect.Effect{Kind: one.KindVM, Object: v.ID, Op: do.String(), Host: hostOf(v, do), Args: args})
}

// restartEffect restarts the current effect.
func restartEffect(tx *store.Tx, v *VM) {
	for _, e := range effect.Of(tx, one.KindVM, v.ID) {
		effect.Cancel(tx, one.KindVM, v.ID)
		effect.Put(tx, effect.Effect{Kind: e.Kind, Object: e.Object, Op: e.Op, Host: e.Host, Args: e.Args})
		return
	}
}

// hostOf is the host whose limit of concurrent effects counts an effect, or -1 for the front end.
func hostOf(v *VM, do lifecycle.Effect) int {
	switch do {
	case lifecycle.DoEpilogFromFrontEnd, lifecycle.DoCleanupFrontEnd,
		lifecycle.DoSaveAsFrontEnd, lifecycle.DoResizeDiskFrontEnd:
		return -1
	}
	if rec := v.Last(); rec != nil {
		return rec.HostID
	}
	return -1
}

// touch has hosts rendered again if their list of VMs has changed.
func touch(tx *store.Tx, before, after []int) {
	for _, list := range [2][]int{before, after} {
		for _, id := range list {
			host.Kind.Table.Touch(tx, store.ID(id))
		}
	}
}
