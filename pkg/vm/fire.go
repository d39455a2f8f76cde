package vm

import (
	"errors"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Cause is what goes with an event: who asked, and what the step needs to know.
type Cause struct {
	By   *one.Caller // nil when nobody asked: an outcome, an observation
	To   *Place      // the host that was chosen, for events that lead to one
	Args effect.Args // parameters of the effect that begins; kept in VM.Doing
}

// Place is where a VM is to run.
type Place struct {
	HostID, DSID int
}

// Fire moves v one step: its status, the bookkeeping that goes with it, and the
// effect that begins change together. v is a copy from Kind.Edit; it is put
// back. This is the only way in which a VM's status changes.
func Fire(tx *store.Tx, v *VM, ev lifecycle.Event, why Cause) error {
	from := v.Status()
	step, err := lifecycle.Next(from, ev)
	if err != nil {
		return refusal(v.ID, err)
	}
	noteAction(v, ev, why.By)
	before := holdings(from, v)
	v.State, v.LCM, v.Detail = step.To.State, step.To.LCM, step.To.Detail
	if err := mark(tx, v, from, step, why); err != nil {
		return err
	}
	begin(tx, v, step.Do, why.Args)
	Kind.Put(tx, v)
	touch(tx, before, holdings(step.To, v))
	return nil
}

// refusal is a refused event in oned's words.
func refusal(id int, err error) error {
	var r *lifecycle.Refused
	if errors.As(err, &r) {
		return one.Errorf(one.CodeAction, "%s", r.Text(id)).At(id)
	}
	return err
}

// noteAction writes into the open record what ends it, and who asked.
func noteAction(v *VM, ev lifecycle.Event, by *one.Caller) {
	rec, action := v.Last(), ev.Action()
	if rec == nil || action == one.ActionNone || by == nil && action != one.ActionMonitor {
		return
	}
	rec.Action, rec.UID, rec.GID, rec.ReqID = action, -1, -1, -1
	if by != nil {
		rec.UID, rec.GID, rec.ReqID = by.UID, by.GID, int64(by.ReqID)
	}
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
	effect.Put(tx, effect.Effect{Kind: one.KindVM, Object: v.ID, Op: do.String(), Host: hostOf(v), Args: args})
}

// again begins the effect that is under way afresh.
func again(tx *store.Tx, v *VM) {
	for _, e := range effect.Of(tx, one.KindVM, v.ID) {
		effect.Cancel(tx, one.KindVM, v.ID)
		effect.Put(tx, effect.Effect{Kind: e.Kind, Object: e.Object, Op: e.Op, Host: e.Host, Args: e.Args})
		return
	}
}

// hostOf is the host whose limits an effect counts for.
func hostOf(v *VM) int {
	if rec := v.Last(); rec != nil {
		return rec.HostID
	}
	return -1
}
