package vm

import (
	"errors"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Cause is what goes with an event: who asked, and what the step needs to know.
type Cause struct {
	By   *one.Caller       // nil when nobody asked: an outcome, an observation
	To   *Place            // the host that was chosen, for events that lead to one
	Args effect.Args       // parameters of the effect that begins; kept in VM.Doing
	As   one.HistoryAction // the action that the history names, if not the event's own
	Plan *Planned          // what it is done for, nil for no plan

	was one.HistoryAction // the action of the record before the event
}

// Place is where a VM is to run.
type Place struct {
	HostID, DSID int
}

// Fire moves v one step: its status, the bookkeeping that goes with it, and the
// effect that begins change together. v is a copy from Kind.Edit; it is put
// back. This is the only way in which a VM's status changes.
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
	begin(tx, v, step.Do, why.Args)
	recordAccounts(tx, v, from, ev, step.Marks)
	if step.To != from {
		showWork(v, step.To.Change())
	}
	if err := put(tx, v, limits(asked[ev])); err != nil {
		return err
	}
	touch(tx, before, hostsOf(v))
	if step.Marks.Has(lifecycle.CheckImages) {
		return lookAtImages(tx, s, v.Clone())
	}
	if _, still := v.following(); follows && !still {
		return followed(tx, s, v.ID, vnet, step.Marks.Has(lifecycle.CommitChange))
	}
	return nil
}

// asked are the events that quotas may stand against: somebody asks for more.
// Whatever else happens is so, and is counted.
var asked = map[lifecycle.Event]bool{
	lifecycle.Submit: true, lifecycle.SubmitOnHold: true, lifecycle.SubmitCloning: true,
	lifecycle.Resume: true, lifecycle.Deploy: true,
	lifecycle.Migrate: true, lifecycle.MigratePoweroff: true, lifecycle.MigratePoweroffHard: true, lifecycle.LiveMigrate: true,
	lifecycle.AttachDisk: true, lifecycle.AttachNIC: true, lifecycle.AttachNICCold: true,
	lifecycle.ResizeCapacity: true, lifecycle.ResizeDisk: true,
	lifecycle.SnapshotCreate: true, lifecycle.DiskSnapshotCreate: true, lifecycle.Backup: true,
}

// refusal is a refused event in oned's words.
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

// begin queues the effect of a step. It replaces the one that was under way.
func begin(tx *store.Tx, v *VM, do lifecycle.Effect, args effect.Args) {
	switch do {
	case lifecycle.DoKeep:
		return
	case lifecycle.DoAgain:
		again(tx, v)
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

// again begins the effect that is under way afresh.
func again(tx *store.Tx, v *VM) {
	for _, e := range effect.Of(tx, one.KindVM, v.ID) {
		effect.Cancel(tx, one.KindVM, v.ID)
		effect.Put(tx, effect.Effect{Kind: e.Kind, Object: e.Object, Op: e.Op, Host: e.Host, Args: e.Args})
		return
	}
}

// hostOf is the host whose limits an effect counts for, -1 for the front end.
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

// touch has hosts show their VMs anew, where that changed.
func touch(tx *store.Tx, before, after []int) {
	for _, list := range [2][]int{before, after} {
		for _, id := range list {
			host.Kind.Table.Touch(tx, store.ID(id))
		}
	}
}
