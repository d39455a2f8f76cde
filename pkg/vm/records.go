package vm

import (
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Plans of history records: a person chose the host, or placement did.
const (
	planNone      = -2
	planPlacement = -1
)

// markRecords opens and closes history records.
func markRecords(tx *store.Tx, v *VM, m lifecycle.Marks, why Cause, now int64) error {
	if m.Has(lifecycle.RevertRecord) {
		return revertRecord(v, now)
	}
	if m.Has(lifecycle.OpenRecord) {
		if err := openRecord(tx, v, why, now); err != nil {
			return err
		}
	}
	if m.Has(lifecycle.RenewRecord) {
		renewRecord(v, why.was, now)
	}
	if m.Has(lifecycle.CloseOldRecord) && len(v.History) > 1 {
		endPhases(&v.History[len(v.History)-2], now)
	}
	if m.Has(lifecycle.CloseRecord) && len(v.History) > 0 {
		closeRecord(v, now)
	}
	return nil
}

// closeRecord ends the stay. Where the VM is forgotten in the middle of something
// (recover --delete-db), that is written down as not ended, as in oned.
func closeRecord(v *VM, now int64) {
	rec := v.Last()
	if v.State == one.VMDone {
		endPhase(&rec.RSTime, &rec.RETime, now)
		endStay(rec, now)
		return
	}
	endPhases(rec, now)
}

// openRecord begins a stay on the chosen host.
func openRecord(tx *store.Tx, v *VM, why Cause, now int64) error {
	to := why.To
	if to == nil {
		return one.Errorf(one.CodeInternal, "VM %d: no host was chosen", v.ID)
	}
	h, err := host.Kind.Get(tx, to.HostID)
	if err != nil {
		return err
	}
	ds, err := datastore.Kind.Get(tx, to.DSID)
	if err != nil {
		return err
	}
	plan := why.plan()
	v.History = append(v.History, History{
		Seq: nextSeq(v), HostID: h.ID, HostName: h.Name, ClusterID: h.ClusterID,
		DSID: ds.ID, VMMad: h.VMMad, TMMad: ds.TMMad,
		PlanID: plan.Plan, ActionID: plan.Action, STime: now, UID: -1, GID: -1, ReqID: -1,
	})
	return nil
}

// plan is what the history says of who chose the host.
func (c Cause) plan() Planned {
	switch {
	case c.Plan != nil:
		return *c.Plan
	case c.By != nil:
		return Planned{Plan: planNone, Action: -1}
	}
	return Planned{Plan: planPlacement, Action: -1}
}

// renewRecord ends the stay and begins another on the same host, which runs if
// the first did; else it has run for no time, as oned writes it down
// (DispatchManager::close_cp_history). What ended running (poweroff) still says
// why the VM is off.
func renewRecord(v *VM, was one.HistoryAction, now int64) {
	old := v.Last()
	if old == nil {
		return
	}
	next := stayOf(old, now)
	if old.RSTime != 0 && old.RETime == 0 {
		old.RETime, next.RSTime = now, now
	} else {
		next.RSTime, next.RETime = now, now
	}
	old.ETime = now
	next.Action = was
	next.Seq = nextSeq(v)
	v.History = append(v.History, next)
}

// revertRecord undoes a move: the VM is on the host before again.
func revertRecord(v *VM, now int64) error {
	n := len(v.History)
	if n < 2 {
		return one.Errorf(one.CodeInternal, "VM %d: there is no host to go back to", v.ID)
	}
	old := &v.History[n-2]
	endPhases(v.Last(), now)
	endPhases(old, now)
	next := stayOf(old, now)
	next.Seq = nextSeq(v)
	v.History = append(v.History, next)
	return nil
}

// endPhases ends a stay and whatever phase of it is open.
func endPhases(rec *History, now int64) {
	for _, phase := range [...]struct{ start, end *int64 }{
		{&rec.PSTime, &rec.PETime}, {&rec.RSTime, &rec.RETime}, {&rec.ESTime, &rec.EETime},
	} {
		endPhase(phase.start, phase.end, now)
	}
	endStay(rec, now)
}

func endPhase(start, end *int64, now int64) {
	if *start != 0 && *end == 0 {
		*end = now
	}
}

func endStay(rec *History, now int64) {
	if rec.ETime == 0 {
		rec.ETime = now
	}
}

// stayOf is a new stay at the same place.
func stayOf(old *History, now int64) History {
	return History{
		HostID: old.HostID, HostName: old.HostName, ClusterID: old.ClusterID,
		DSID: old.DSID, VMMad: old.VMMad, TMMad: old.TMMad,
		PlanID: old.PlanID, ActionID: old.ActionID, STime: now, UID: -1, GID: -1, ReqID: -1,
	}
}

func nextSeq(v *VM) int {
	if rec := v.Last(); rec != nil {
		return rec.Seq + 1
	}
	return 0
}
